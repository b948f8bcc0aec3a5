using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The Nystrom approximation of any kernel from m of its rows (Williams and Seeger 2001): features k(x, landmarks) K^(-1/2), K the kernel of the landmarks, so that the kernel is exact among
/// landmarks and their span. Names, defaults and formula are those of scikit-learn's class; sampling by randomly pivoted Cholesky or ridge leverage scores and the cut-off are not.
/// </summary>
/// <remarks>
/// K^(-1/2) = U S^(-1/2) V' of K = U S V', computed in double precision. Singular values below <see cref="RelativeTolerance"/> times the largest count as zero: scikit-learn raises them to 1e-12,
/// which multiplies rounding by up to a million. 2 n m (d + m) flops to transform n rows.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Nystroem<T> : FeatureMap<T, Nystroem<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The kernel (default Gaussian with gamma = 1/d).</summary>
    public Kernel Kernel { get; init; } = new GaussianKernel();

    /// <summary>m, at least 1 (default 100): landmarks, and features. Where there are fewer rows, or randomly pivoted Cholesky leaves nothing to explain, there are fewer.</summary>
    public int NComponents { get; init; } = 100;

    /// <summary>How landmarks are chosen (default uniformly).</summary>
    public LandmarkSampling Sampling { get; init; }

    /// <summary>Singular values of the landmarks' kernel at most this times the largest count as zero; null (default) for m times the machine epsilon of T.</summary>
    public double? RelativeTolerance { get; init; }

    /// <summary>The landmarks, m x d (<c>components_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> Components => Fitted.Components.AsReadOnlyMatrix().ToTensor();

    /// <summary>Which rows of the fit the landmarks are (<c>component_indices_</c>); empty for a map that was not fitted from rows.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public IReadOnlyList<int> ComponentIndices => Fitted.Indices;

    /// <summary>K^(-1/2), m x m (<c>normalization_</c>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> Normalization => Fitted.Normalization.AsReadOnlyMatrix().ToTensor();

    private NystroemState<T> Fitted => (NystroemState<T>)State;

    /// <summary>A fitted map from what another system has fitted.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="components">m x d landmarks.</param>
    /// <param name="normalization">m x m; features are k(x, landmarks) times its transpose.</param>
    /// <exception cref="ArgumentException">The sizes do not match, a number is not finite, or the landmarks lie outside the kernel's domain.</exception>
    public static Nystroem<T> FromState(Kernel kernel, Tensor<T> components, Tensor<T> normalization)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        FeatureRows<T> landmarks = components, matrix = normalization;
        landmarks.Check(nameof(components));
        matrix.Check(nameof(normalization));
        if (matrix.Rows != landmarks.Rows || matrix.Columns != landmarks.Rows)
        {
            throw new ArgumentException($"{landmarks.Rows} landmarks need a normalization of {landmarks.Rows} x {landmarks.Rows}; given {matrix.Rows} x {matrix.Columns}.", nameof(normalization));
        }

        Nystroem<T> map = new() { Kernel = kernel, NComponents = landmarks.Rows };
        return map.Restore(new NystroemState<T>(kernel, landmarks.Dense.ToTensor(), [], matrix.Dense.ToTensor()));
    }

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        Hyperparameter.AtLeast(NComponents, 1);
        Hyperparameter.Defined(Sampling);
        if (RelativeTolerance is { } given)
        {
            Hyperparameter.NotNegative(given, nameof(RelativeTolerance));
        }

        Kernel.Check(x, nameof(x));
        int count = Math.Min(NComponents, x.Rows);
        int[] indices = Sampling switch
        {
            LandmarkSampling.Uniform => context.Draws(DrawStream.Landmarks).Sample(x.Rows, count),
            LandmarkSampling.RandomlyPivotedCholesky => PivotedLandmarks.Choose(Kernel, x, count, context),
            _ => RidgeLeverageSampling.Choose(Kernel, x, count, context),
        };
        Tensor<T> components = x.Gather(indices);
        Tensor<T> normalization = NystroemState<T>.InverseRoot(Kernel, components, RelativeTolerance, context.Backend);
        return new NystroemState<T>(Kernel, components, indices, normalization);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Nystroem);
        Kernel.Write(writer);
        writer.Set("nComponents", NComponents);
        writer.Set("sampling", Sampling.ToString());
        writer.Set("relativeTolerance", RelativeTolerance);
        writer.Add("components", Fitted.Components);
        writer.Add<int>("indices", Fitted.Indices);
        writer.Add("normalization", Fitted.Normalization);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        Nystroem<T> map = new()
        {
            Kernel = KernelFile.Read(reader),
            NComponents = reader.WholeNumber("nComponents", 1),
            Sampling = reader.Choice<LandmarkSampling>("sampling"),
            RelativeTolerance = reader.OptionalNumber("relativeTolerance", 0),
        };
        Tensor<T> components = reader.Array<T>("components", -1, -1);
        int count = (int)components.Lengths[0];
        int[] indices = reader.LengthOf("indices") == 0 ? [] : reader.Indices("indices", count, int.MaxValue);
        return map.Restore(new NystroemState<T>(map.Kernel, components, indices, reader.Array<T>("normalization", count, count)));
    }
}
