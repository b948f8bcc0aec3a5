using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// A kind of polynomial sketch with its options: with a kernel, dimensions and a seed it makes a <see cref="PolynomialSketch{T}"/>, and without drawing anything it knows the spread of that sketch's
/// estimates (<see cref="VarianceModel"/>).
/// </summary>
public abstract record SketchFamily
{
    private protected SketchFamily()
    {
    }

    /// <summary>The field's name of the sketch.</summary>
    public abstract string Name { get; }

    /// <summary>Whether features are [Re, Im] of complex numbers.</summary>
    public virtual bool IsComplex => false;

    /// <summary>Circular convolutions of count sketches (Pham and Pagh 2013). See <see cref="TensorSketch{T}"/>.</summary>
    public static SketchFamily TensorSketch { get; } = new TensorSketchFamily();

    /// <summary>Linear convolutions of count sketches (Cao and Liu 2021). See <see cref="FastCountSketch{T}"/>.</summary>
    public static SketchFamily FastCountSketch { get; } = new FastCountSketchFamily();

    /// <summary>Outer products of count sketches (Shi and Anandkumar 2019). See <see cref="HigherOrderCountSketch{T}"/>.</summary>
    public static SketchFamily HigherOrderCountSketch { get; } = new HigherOrderCountSketchFamily();

    /// <summary>Products of sampled Fourier transforms (Ahle et al. 2020). See <see cref="TensorSrht{T}"/>.</summary>
    public static SketchFamily TensorSrht { get; } = new TensorSrhtFamily();

    /// <summary>Products of independent projections (Kar and Karnick 2012). See <see cref="ProductSketch{T}"/>.</summary>
    /// <param name="weights">The law of the weights.</param>
    /// <param name="complex">Complex weights and [Re, Im] features.</param>
    public static SketchFamily Product(ProjectionWeights weights = ProjectionWeights.Rademacher, bool complex = true) => new ProductFamily(weights, complex);

    /// <summary>Products of subsampled Hadamard transforms. See <see cref="ProductSrht{T}"/>.</summary>
    /// <param name="complex">Complex signs and [Re, Im] features.</param>
    /// <param name="sampling">How the rows are drawn.</param>
    public static SketchFamily ProductSrht(bool complex = true, HadamardSampling sampling = HadamardSampling.Shared) => new ProductSrhtFamily(complex, sampling);

    /// <summary>Recursive sketches of pairs (Ahle et al. 2020). See <see cref="TreeSketch{T}"/>.</summary>
    /// <param name="options">Shape and sizes; null for a balanced complex tree of nodes as wide as the output.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static SketchFamily Tree(TreeOptions? options = null)
    {
        options ??= new TreeOptions();
        options.Check();
        return new TreeFamily(options);
    }

    /// <summary>A sketch to more features, projected down (Hamid et al. 2014, CRAFTMaps). See <see cref="CraftSketch{T}"/>.</summary>
    /// <param name="up">The sketch to more features; null for the complex-to-real ProductSRHT.</param>
    /// <param name="expansion">How many times more, at least 1.</param>
    /// <exception cref="ArgumentException">The expansion is below 1, or the moments of the sketch's entries are not known.</exception>
    public static SketchFamily Craft(SketchFamily? up = null, int expansion = 15) => new CraftFamily(up ?? ProductSrht(), expansion);

    /// <summary>The sketch of this kind.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1; even where the features are complex.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">A dimension is out of range.</exception>
    public abstract PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        where T : unmanaged, INumberBase<T>;

    /// <summary>How moments of the factors become moments of the output, of D/2 complex numbers where the sketch is complex.</summary>
    /// <param name="degree">p.</param>
    /// <param name="dimension">The length of the factors.</param>
    /// <param name="outputDimension">D.</param>
    internal abstract MomentMap Moments(int degree, int dimension, int outputDimension);

    /// <summary>Refuses a number of features that the sketch cannot have.</summary>
    internal virtual void CheckDimension(int outputDimension)
    {
        if (IsComplex && outputDimension % 2 != 0)
        {
            throw new ArgumentException($"{Name} has pairs of real and imaginary parts: the number of features must be even; given {outputDimension}.", nameof(outputDimension));
        }
    }

    /// <summary>Real or complex features among D numbers.</summary>
    internal int Outputs(int outputDimension) => IsComplex ? outputDimension / 2 : outputDimension;
}
