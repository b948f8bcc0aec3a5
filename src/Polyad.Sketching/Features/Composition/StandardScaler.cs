using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Columns with mean 0 and variance 1 (divided by n, as in scikit-learn). A column that does not vary is only centred. Means and variances are gathered in double and merged over parts of
/// the rows by the update of Chan, Golub and LeVeque (1983), so streaming loses no accuracy.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class StandardScaler<T> : FeatureMap<T, StandardScaler<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Whether the mean is subtracted (default true). Sparse rows become dense by it.</summary>
    public bool WithMean { get; init; } = true;

    /// <summary>Whether columns are divided by their standard deviation (default true).</summary>
    public bool WithDeviation { get; init; } = true;

    /// <summary>The mean of each column.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> Mean => Fitted.Mean;

    /// <summary>The variance of each column (divided by n).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<double> Variance => [.. Fitted.SquareSum.Select(s => s / Fitted.Count)];

    private ScalerState Fitted => (ScalerState)State;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context) => PartialFitCore(null, x, context);

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context)
    {
        ColumnMoments moments = ColumnMoments.Of(x);
        if (previous is ScalerState state)
        {
            moments = ColumnMoments.Merge(new ColumnMoments(state.Count, state.Mean, state.SquareSum), moments);
        }

        return new ScalerState(moments, WithMean, WithDeviation);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.StandardScaler);
        writer.Set("withMean", WithMean);
        writer.Set("withDeviation", WithDeviation);
        writer.Set("count", Fitted.Count);
        writer.Add<double>("mean", Fitted.Mean);
        writer.Add<double>("squareSum", Fitted.SquareSum);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        StandardScaler<T> map = new() { WithMean = reader.Flag("withMean"), WithDeviation = reader.Flag("withDeviation") };
        double[] mean = reader.Vector<double>("mean", -1), squares = reader.Vector<double>("squareSum", mean.Length);
        return squares.Any(static s => s < 0)
            ? throw reader.Wrong("a sum of squares is negative")
            : map.Restore(new ScalerState(new ColumnMoments(reader.Number("count", 1), mean, squares), map.WithMean, map.WithDeviation));
    }

    private sealed class ScalerState : FeatureState<T>
    {
        private readonly T[] _factors;
        private readonly T[] _shifts;

        public ScalerState(ColumnMoments moments, bool withMean, bool withDeviation)
            : base(moments.Mean.Length, moments.Mean.Length)
        {
            (Count, Mean, SquareSum) = (moments.Count, moments.Mean, moments.SquareSum);
            _factors = new T[Mean.Length];
            _shifts = new T[Mean.Length];
            for (int j = 0; j < Mean.Length; j++)
            {
                double deviation = withDeviation && !moments.IsConstant(j) ? Math.Sqrt(SquareSum[j] / Count) : 1;
                _factors[j] = T.CreateChecked(1 / deviation);
                _shifts[j] = T.CreateChecked(withMean ? Mean[j] : 0);
            }
        }

        public double Count { get; }

        public double[] Mean { get; }

        public double[] SquareSum { get; }

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            x.CopyTo(features);
            FeatureMatrix.ForEachRow(features, 0.2, (_, row) =>
            {
                TensorPrimitives.Subtract(row, _shifts, row);
                TensorPrimitives.Multiply(row, _factors, row);
            });
        }
    }
}
