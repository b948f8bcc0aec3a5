using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>How <see cref="Pca{T}"/> and <see cref="TruncatedSvd{T}"/> decompose.</summary>
public enum PrincipalSolver
{
    /// <summary>Randomized where fewer than 80 % of the components of a matrix with a side above 500 are asked for, else full.</summary>
    Automatic,

    /// <summary>The full SVD of the centred rows.</summary>
    Full,

    /// <summary><see cref="RandomizedSvd"/>.</summary>
    Randomized,

    /// <summary><see cref="Polyad.Sketching.BlockLanczos"/>, to a tolerance.</summary>
    BlockLanczos,
}

/// <summary>
/// Principal component analysis (Pearson 1901; Hotelling 1933) with the parameters and results of scikit-learn's PCA: the leading right singular vectors of the centred rows. Signs make the entry of largest
/// magnitude of each left singular vector positive. Sparse rows are centred implicitly by the iterative solvers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Pca<T> : FeatureMap<T, Pca<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>k, the components that are kept; null for min(n, d), or for as many as <see cref="VarianceShare"/> needs.</summary>
    public int? NComponents { get; init; }

    /// <summary>The share of the variance, above 0 and below 1, that the components must exceed together; their number follows. Null where <see cref="NComponents"/> says it.</summary>
    public double? VarianceShare { get; init; }

    /// <summary>Whether outputs are divided by the deviations of the components (default false).</summary>
    public bool Whiten { get; init; }

    /// <summary>How (default automatic).</summary>
    public PrincipalSolver Solver { get; init; }

    /// <summary>Columns beyond k of the randomized solver (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Power iterations of the randomized solver; null for 7 where k is below a tenth of min(n, d), else 4, as scikit-learn has it.</summary>
    public int? PowerIterations { get; init; }

    /// <summary>The components, k x d, orthonormal rows.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> Components => Fitted.Components;

    /// <summary>The variance along each component: s^2 / (n - 1).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> ExplainedVariance => Fitted.Variances;

    /// <summary>Its share of the variance of all columns.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> ExplainedVarianceRatio => [.. Fitted.Variances.Select(v => Fitted.TotalVariance > 0 ? v / Fitted.TotalVariance : 0)];

    /// <summary>The singular values of the centred rows.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> SingularValues => Fitted.SingularValues;

    /// <summary>The mean of each column.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> Mean => Fitted.Mean;

    /// <summary>The mean variance of the directions that are left out (Tipping, Bishop 1999).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public double NoiseVariance => Fitted.NoiseVariance;

    private PrincipalState<T> Fitted => (PrincipalState<T>)State;

    /// <summary>The rows whose transform is nearest to what is given: n x d.</summary>
    /// <param name="y">n x k, finite.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException">The rows have another length than k.</exception>
    public Tensor<T> InverseTransform(Tensor<T> y) => Fitted.Back(y, Backend ?? Polyad.Backend.Current);

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        int n = x.Rows, d = x.Columns, least = Math.Min(n, d);
        if (n < 2)
        {
            throw new ArgumentException($"A variance needs two rows at least; given {n} x {d}.", nameof(x));
        }

        if (NComponents is { } k)
        {
            Hyperparameter.Between(k, 1, least, nameof(NComponents));
        }

        if (VarianceShare is { } share)
        {
            if (!(share > 0 && share < 1) || NComponents is not null)
            {
                throw new ArgumentException($"VarianceShare ({share}) must be above 0 and below 1, and stands instead of NComponents.", nameof(x));
            }
        }

        Hyperparameter.Defined(Solver);
        PrincipalSolver solver = Choose(n, d);
        if (solver != PrincipalSolver.Full && NComponents is null)
        {
            throw new ArgumentException($"The solver {solver} needs NComponents.", nameof(x));
        }

        ColumnMoments moments = ColumnMoments.Of(x);
        context.Report(1, 3);
        FitContext settings = context;
        SvdResult<T> svd = RowsOperator.Use(x, rows => Decompose(rows, moments, solver, settings));
        context.Report(3, 3);
        return PrincipalState<T>.Of(svd.Vt, LinearAlgebra.Elements(svd.S), Count(svd, moments), moments, Whiten);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Pca);
        Fitted.Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        PrincipalState<T> state = PrincipalState<T>.Read(reader);
        return new Pca<T> { NComponents = state.OutputDimension, Whiten = state.Whiten }.Restore(state);
    }

    private PrincipalSolver Choose(int n, int d)
        => Solver != PrincipalSolver.Automatic ? Solver
        : Math.Max(n, d) > 500 && NComponents is { } k && k < 0.8 * Math.Min(n, d) ? PrincipalSolver.Randomized : PrincipalSolver.Full;

    private SvdResult<T> Decompose(LinearOperator<T> rows, ColumnMoments moments, PrincipalSolver solver, in FitContext context)
    {
        T[] mean = [.. moments.Mean.Select(static v => T.CreateTruncating(v))];
        int least = Math.Min(rows.Rows, rows.Columns), k = NComponents ?? least;
        LinearOperator<T> centred = rows is DenseOperator<T> dense ? LinearOperator.Of(Centred(dense.View, mean)) : new CenteredOperator<T>(rows, mean);
        context.Report(2, 3);
        return PrincipalTriplets.Of(centred, k, solver, Oversampling, PowerIterations ?? (k < 0.1 * least ? 7 : 4), context);
    }

    private static Tensor<T> Centred(in ReadOnlyMatrixView<T> rows, T[] mean)
    {
        Tensor<T> copy = rows.ToTensor();
        FeatureMatrix.ForEachRow(copy.AsMatrix(), 0.1, (_, row) => TensorPrimitives.Subtract(row, mean, row));
        return copy;
    }

    private int Count(SvdResult<T> svd, ColumnMoments moments)
    {
        int all = (int)svd.S.FlattenedLength;
        if (VarianceShare is not { } share)
        {
            return NComponents ?? all;
        }

        // The least number whose shares together exceed the share asked for.
        double whole = moments.SquareSum.Sum(), sum = 0;
        for (int k = 1; k < all; k++)
        {
            double s = OperatorProducts.Double(svd.S[k - 1]);
            sum += s * s;
            if (sum > share * whole)
            {
                return k;
            }
        }

        return all;
    }
}
