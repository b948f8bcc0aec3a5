using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The kernel a x'y + b exactly: the rows times sqrt(a), and a column sqrt(b) unless b = 0. In a <see cref="FeatureUnion{T}"/> it takes the constant and linear parts of a kernel out of
/// what is sketched.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LinearFeatures<T> : FeatureMap<T, LinearFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>a, above 0 (default 1).</summary>
    public double Slope { get; init; } = 1;

    /// <summary>b, at least 0 (default 0).</summary>
    public double Constant { get; init; }

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context) => NewState(x.Columns);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Linear);
        writer.Set("slope", Slope);
        writer.Set("constant", Constant);
        writer.Set("columns", InputDimension);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        LinearFeatures<T> map = new() { Slope = reader.Number("slope"), Constant = reader.Number("constant") };
        return map.Restore(map.NewState(reader.WholeNumber("columns", 1)));
    }

    private LinearState NewState(int columns)
    {
        Hyperparameter.Positive(Slope);
        Hyperparameter.NotNegative(Constant);
        return new LinearState(columns, Math.Sqrt(Slope), Math.Sqrt(Constant));
    }

    private sealed class LinearState(int columns, double slope, double constant) : FeatureState<T>(columns, checked(columns + (constant > 0 ? 1 : 0)))
    {
        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            MatrixView<T> linear = features.Slice(0, 0, x.Rows, InputDimension);
            x.CopyTo(linear);
            FeatureMatrix.Scale(linear, T.CreateChecked(slope));
            features.Slice(0, InputDimension, x.Rows, OutputDimension - InputDimension).Fill(T.CreateChecked(constant));
        }
    }
}
