using System.Numerics;

namespace Polyad.Sketching;

/// <summary>How a frequency becomes features.</summary>
public enum FourierForm
{
    /// <summary>cos(w'x) and sin(w'x) for D/2 frequencies: the kernel of a row with itself is exactly 1, and the variance is the lower of the two.</summary>
    SineCosine,

    /// <summary>cos(w'x + b) for D frequencies with a uniform offset b in [0, 2 pi): scikit-learn's form.</summary>
    Offset,
}

/// <summary>
/// Random Fourier features (Rahimi and Recht 2007) of a shift-invariant kernel: sqrt(2/D) cos(w'x), sqrt(2/D) sin(w'x), w drawn from the kernel's spectrum. Unbiased (but for
/// <see cref="ProjectionSampling.StructuredOrthogonal"/>). With independent frequencies the variance of the kernel estimate is (1 + k(2 delta) - 2 k(delta)^2) / D, which is (1 - k^2)^2 / D for
/// the Gaussian kernel; with offsets (1 + k(2 delta)/2 - k^2) / D.
/// </summary>
/// <remarks>
/// The features are [cosines | sines]. Orthogonal frequencies cost nothing more and lower the variance; fast transforms pay off above some hundred columns (see docs/sketching.md).
/// Sines and cosines are within 2^-52 (double) or 2^-23 (float) of those of the computed angles.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RandomFourierFeatures<T> : FeatureMap<T, RandomFourierFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The kernel (default Gaussian with gamma = 1/d).</summary>
    public ShiftInvariantKernel Kernel { get; init; } = new GaussianKernel();

    /// <summary>D, at least 1 (default 1024); even for <see cref="FourierForm.SineCosine"/>.</summary>
    public int Dimension { get; init; } = 1024;

    /// <summary>Pairs of sine and cosine (default) or cosines with offsets.</summary>
    public FourierForm Form { get; init; }

    /// <summary>How frequencies are drawn (default independent; the others need an isotropic kernel).</summary>
    public ProjectionSampling Sampling { get; init; }

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Check();
        Kernel.Check(x, nameof(x));
        int count = Form == FourierForm.SineCosine ? Dimension / 2 : Dimension;
        Projection<T> projection = Projections.Draw<T>(Kernel, Sampling, x.Columns, count, context);
        return new FourierState<T>(projection, Form == FourierForm.Offset ? FourierState<T>.DrawOffsets(count, context) : null);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.RandomFourier);
        Kernel.Write(writer);
        writer.Set("dimension", Dimension);
        writer.Set("form", Form.ToString());
        writer.Set("sampling", Sampling.ToString());
        writer.Set("columns", InputDimension);
        ((FourierState<T>)State).Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        RandomFourierFeatures<T> map = new()
        {
            Kernel = KernelFile.Read(reader) as ShiftInvariantKernel ?? throw reader.Wrong("the kernel is not shift-invariant"),
            Dimension = reader.WholeNumber("dimension", 1),
            Form = reader.Choice<FourierForm>("form"),
            Sampling = reader.Choice<ProjectionSampling>("sampling"),
        };
        map.Check();
        int count = map.Form == FourierForm.SineCosine ? map.Dimension / 2 : map.Dimension;
        Projection<T> projection = Projections.Read<T>(reader, map.Sampling, reader.WholeNumber("columns", 1), count);
        return map.Restore(new FourierState<T>(projection, map.Form == FourierForm.Offset ? reader.Vector<T>("offsets", count) : null));
    }

    private void Check()
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        Hyperparameter.AtLeast(Dimension, 1);
        Hyperparameter.Defined(Form);
        Hyperparameter.Defined(Sampling);
        if (Form == FourierForm.SineCosine && Dimension % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Dimension), Dimension, "Dimension must be even for pairs of sine and cosine; FourierForm.Offset takes odd ones.");
        }
    }
}
