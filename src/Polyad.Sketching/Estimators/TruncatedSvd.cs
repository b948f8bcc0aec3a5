using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The leading right singular vectors of rows as they are, not centred (latent semantic analysis of sparse counts), with the parameters and results of scikit-learn's TruncatedSVD. Signs make the entry of
/// largest magnitude of each left singular vector positive.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TruncatedSvd<T> : FeatureMap<T, TruncatedSvd<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>k, 1 to min(n, d) (default 2).</summary>
    public int NComponents { get; init; } = 2;

    /// <summary>How (default, and automatic: randomized).</summary>
    public PrincipalSolver Solver { get; init; }

    /// <summary>Columns beyond k of the randomized solver (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Power iterations of the randomized solver (default 5).</summary>
    public int PowerIterations { get; init; } = 5;

    /// <summary>The components, k x d, orthonormal rows.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> Components => Fitted.Components;

    /// <summary>The singular values.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> SingularValues => Fitted.SingularValues;

    /// <summary>The variance (divided by n) of each output over the rows of the fit.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> ExplainedVariance => Fitted.Variances;

    /// <summary>Its share of the variance of all columns.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> ExplainedVarianceRatio => [.. Fitted.Variances.Select(v => Fitted.TotalVariance > 0 ? v / Fitted.TotalVariance : 0)];

    private SvdState Fitted => (SvdState)State;

    /// <summary>The rows whose transform is nearest to what is given: n x d.</summary>
    /// <param name="y">n x k, finite.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException">The rows have another length than k.</exception>
    public Tensor<T> InverseTransform(Tensor<T> y) => Fitted.Back(y, Backend ?? Polyad.Backend.Current);

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        int least = Math.Min(x.Rows, x.Columns);
        Hyperparameter.Between(NComponents, 1, least);
        Hyperparameter.Defined(Solver);
        ColumnMoments moments = ColumnMoments.Of(x);
        context.Report(1, 3);
        FitContext settings = context;
        SvdResult<T> svd = RowsOperator.Use(x, rows => PrincipalTriplets.Of(rows, NComponents, Solver, Oversampling, PowerIterations, settings));
        context.Report(2, 3);

        // Var(u s) over the rows: u has unit columns, so the mean of its squares is 1 / n.
        int n = x.Rows;
        double[] values = new double[NComponents], variances = new double[NComponents];
        for (int j = 0; j < NComponents; j++)
        {
            values[j] = OperatorProducts.Double(svd.S[j]);
            double sum = 0, squares = 0;
            for (int i = 0; i < n; i++)
            {
                double u = values[j] * OperatorProducts.Double(svd.U[i, j]);
                sum += u;
                squares += u * u;
            }

            variances[j] = Math.Max(0, (squares / n) - (sum / n * (sum / n)));
        }

        return new SvdState(svd.Vt.AsReadOnlyMatrix().Slice(0, 0, NComponents, x.Columns).ToTensor(), values, variances, moments.SquareSum.Sum() / n);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.TruncatedSvd);
        writer.Set("totalVariance", Fitted.TotalVariance);
        writer.Add("components", Fitted.Components);
        writer.Add<double>("singularValues", Fitted.SingularValues);
        writer.Add<double>("variances", Fitted.Variances);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        Tensor<T> components = reader.Array<T>("components", -1, -1);
        int k = (int)components.Lengths[0];
        return new TruncatedSvd<T> { NComponents = k }.Restore(
            new SvdState(components, reader.Vector<double>("singularValues", k), reader.Vector<double>("variances", k), reader.Number("totalVariance", 0)));
    }

    private sealed class SvdState(Tensor<T> components, double[] singularValues, double[] variances, double totalVariance) : CentredProjection<T>(components)
    {
        public double[] SingularValues => singularValues;

        public double[] Variances => variances;

        public double TotalVariance => totalVariance;
    }
}
