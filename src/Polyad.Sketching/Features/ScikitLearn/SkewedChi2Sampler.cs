using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Random Fourier features of the skewed chi-squared kernel (Li, Ionescu, Sminchisescu 2010), with names, defaults and formula of scikit-learn's class of this name:
/// sqrt(2/D) cos(log(x + c)'w + b), w with density sech. Entries must be above -c.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SkewedChi2Sampler<T> : FeatureMap<T, SkewedChi2Sampler<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>c, at least 0 (default 1).</summary>
    public double Skewedness { get; init; } = 1;

    /// <summary>D, at least 1 (default 100).</summary>
    public int NComponents { get; init; } = 100;

    /// <summary>The frequencies, d x D (<c>random_weights_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> RandomWeights => FourierParameters.Weights(Fitted.Fourier);

    /// <summary>The D offsets (<c>random_offset_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<T> RandomOffset => Fitted.Fourier.Offsets!;

    private LogState Fitted => (LogState)State;

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <summary>A fitted map from what another system has fitted.</summary>
    /// <param name="randomWeights">d x D frequencies.</param>
    /// <param name="randomOffset">D offsets.</param>
    /// <param name="skewedness">c, at least 0.</param>
    /// <exception cref="ArgumentException">The sizes do not match, or a number is not finite.</exception>
    public static SkewedChi2Sampler<T> FromState(Tensor<T> randomWeights, ReadOnlySpan<T> randomOffset, double skewedness = 1)
    {
        FourierState<T> fourier = FourierParameters.Given(randomWeights, randomOffset);
        SkewedChi2Sampler<T> map = new() { Skewedness = skewedness, NComponents = fourier.OutputDimension };
        map.Check();
        return map.Restore(new LogState(fourier, skewedness));
    }

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Check();
        RowGeometry.CheckAtLeast(x, -Skewedness, strictly: true, nameof(SkewedChi2Sampler<T>), nameof(x));
        Tensor<T> weights = FreshMemory.Uninitialized<T>([x.Columns, NComponents]);
        MatrixView<T> target = weights.AsMatrix();
        double[] uniform = new double[x.Columns];
        for (int j = 0; j < NComponents; j++)
        {
            context.Draws(DrawStream.Weights).Uniform<double>(uniform, (ulong)j * (ulong)uniform.Length);
            for (int i = 0; i < uniform.Length; i++)
            {
                // The distribution function of sech is (2/pi) atan(exp(pi w)); 0 is never drawn.
                const double HalfStep = 1.0 / (1L << 54);
                target[i, j] = T.CreateChecked(Math.Log(Math.Tan(Math.PI / 2 * (uniform[i] + HalfStep))) / Math.PI);
            }
        }

        return new LogState(new FourierState<T>(new DenseProjection<T>(weights), FourierState<T>.DrawOffsets(NComponents, context)), Skewedness);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.SkewedChi2);
        writer.Set("skewedness", Skewedness);
        writer.Set("nComponents", NComponents);
        Fitted.Fourier.Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        int count = reader.WholeNumber("nComponents", 1);
        return FromState(reader.Array<T>("weights", -1, count), reader.Vector<T>("offsets", count), reader.Number("skewedness"));
    }

    private void Check()
    {
        Hyperparameter.NotNegative(Skewedness);
        Hyperparameter.AtLeast(NComponents, 1);
    }

    private sealed class LogState(FourierState<T> fourier, double skewedness) : FeatureState<T>(fourier.InputDimension, fourier.OutputDimension)
    {
        public FourierState<T> Fourier => fourier;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            RowGeometry.CheckAtLeast(x, -skewedness, strictly: true, nameof(SkewedChi2Sampler<T>), nameof(x));
            Tensor<T> logarithms = FreshMemory.Uninitialized<T>([x.Rows, InputDimension]);
            x.CopyTo(logarithms.AsMatrix());
            T c = T.CreateChecked(skewedness);
            FeatureMatrix.ForEachRow(logarithms.AsMatrix(), 1, (_, row) =>
            {
                TensorPrimitives.Add(row, c, row);
                ElementMath.Log(row);
            });
            fourier.Transform(logarithms, features, backend);
        }
    }
}
