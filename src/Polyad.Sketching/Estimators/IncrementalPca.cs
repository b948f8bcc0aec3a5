using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Principal component analysis of rows that come in batches, with the parameters and results of scikit-learn's IncrementalPCA (Ross, Lim, Lin, Yang 2008): the SVD of the components so far, scaled, of the new rows,
/// centred, and of a row for the change of the mean. Memory is (k + batch) d whatever the number of rows. Signs make the entry of largest magnitude of each component positive.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class IncrementalPca<T> : FeatureMap<T, IncrementalPca<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>k, the components that are kept; null for min(rows of the first batch, d).</summary>
    public int? NComponents { get; init; }

    /// <summary>Rows that a fit takes at a time; null for 5 d.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether outputs are divided by the deviations of the components (default false).</summary>
    public bool Whiten { get; init; }

    /// <summary>The components, k x d, orthonormal rows.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> Components => Fitted.Projection.Components;

    /// <summary>The variance along each component.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> ExplainedVariance => Fitted.Projection.Variances;

    /// <summary>Its share of the variance of all columns.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> ExplainedVarianceRatio => [.. Fitted.Projection.SingularValues.Select(s => Fitted.Moments.SquareSum.Sum() is var whole && whole > 0 ? s * s / whole : 0)];

    /// <summary>The singular values of the centred rows, as far as the kept components know them.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> SingularValues => Fitted.Projection.SingularValues;

    /// <summary>The mean of each column.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> Mean => Fitted.Moments.Mean;

    /// <summary>The rows seen.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public long RowsSeen => (long)Fitted.Moments.Count;

    private IncrementalState Fitted => (IncrementalState)State;

    /// <summary>The rows whose transform is nearest to what is given: n x d.</summary>
    /// <param name="y">n x k, finite.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException">The rows have another length than k.</exception>
    public Tensor<T> InverseTransform(Tensor<T> y) => Fitted.Projection.Back(y, Backend ?? Polyad.Backend.Current);

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        int batch = BatchSize ?? checked(5 * x.Columns);
        Hyperparameter.AtLeast(batch, 1, nameof(BatchSize));
        FeatureState<T>? state = null;
        int least = Math.Max(1, NComponents ?? 1);
        for (int first = 0; first < x.Rows;)
        {
            // A last batch of fewer rows than components joins the one before it.
            int rows = x.Rows - first - batch < least ? x.Rows - first : batch;
            state = PartialFitCore(state, x.Slice(first, rows), context);
            first += rows;
            context.Report(first, x.Rows);
        }

        return state!;
    }

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context)
    {
        IncrementalState? known = previous as IncrementalState;
        int n = x.Rows, d = x.Columns, k = known?.OutputDimension ?? NComponents ?? Math.Min(n, d);
        Hyperparameter.Between(k, 1, d, nameof(NComponents));
        if (k > n)
        {
            throw new ArgumentException($"A batch must have as many rows as there are components, {k}; given {n} x {d}.", nameof(x));
        }

        ColumnMoments batch = ColumnMoments.Of(x), all = known is null ? batch : ColumnMoments.Merge(known.Moments, batch);
        if (all.Count < 2)
        {
            throw new ArgumentException($"A variance needs two rows at least; given {n} x {d}.", nameof(x));
        }

        int above = known is null ? 0 : k;
        Tensor<T> stacked = FreshMemory.Zeros<T>([above + n + (known is null ? 0 : 1), d]);
        MatrixView<T> rows = stacked.AsMatrix().Slice(above, 0, n, d);
        x.CopyTo(rows);
        T[] mean = [.. batch.Mean.Select(static v => T.CreateTruncating(v))];
        FeatureMatrix.ForEachRow(rows, 0.1, (_, row) => TensorPrimitives.Subtract(row, mean, row));
        if (known is not null)
        {
            for (int i = 0; i < k; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    stacked[i, j] = known.Projection.Components[i, j] * T.CreateTruncating(known.Projection.SingularValues[i]);
                }
            }

            double weight = Math.Sqrt(known.Moments.Count / all.Count * n);
            for (int j = 0; j < d; j++)
            {
                stacked[above + n, j] = T.CreateTruncating(weight * (known.Moments.Mean[j] - batch.Mean[j]));
            }
        }

        SvdResult<T> svd = LinearAlgebra.Svd(stacked, backend: context.Backend);

        // scikit-learn turns components by their own largest entry here, there being no left vectors of all rows.
        SignConvention.ColumnsPositive(svd.Vt.AsMatrix().Transpose, default, (int)svd.Vt.Lengths[0]);
        return new IncrementalState(PrincipalState<T>.Of(svd.Vt, LinearAlgebra.Elements(svd.S), k, all, Whiten), all);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.IncrementalPca);
        Fitted.Projection.Write(writer);
        writer.Set("count", Fitted.Moments.Count);
        writer.Add<double>("squareSum", Fitted.Moments.SquareSum);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        PrincipalState<T> projection = PrincipalState<T>.Read(reader);
        double[] squares = reader.Vector<double>("squareSum", projection.InputDimension);
        return squares.Any(static s => s < 0)
            ? throw reader.Wrong("a sum of squares is negative")
            : new IncrementalPca<T> { NComponents = projection.OutputDimension, Whiten = projection.Whiten }
                .Restore(new IncrementalState(projection, new ColumnMoments(reader.Number("count", 2), projection.Mean, squares)));
    }

    private sealed class IncrementalState(PrincipalState<T> projection, ColumnMoments moments) : FeatureState<T>(projection.InputDimension, projection.OutputDimension)
    {
        public PrincipalState<T> Projection => projection;

        public ColumnMoments Moments => moments;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend) => projection.Transform(x, features, backend);
    }
}
