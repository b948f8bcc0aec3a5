using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The sketches of all powers x^0, x^1, ..., x^q of a row at once (Ahle et al. 2020; in neural-kernel sketches Zandieh et al. 2021), from one tree: the sketch of degree j is that of x^j (x) e1^(q - j) with nodes that
/// pass e1 through. Any q and any number of features. The inner product of the features of degree j of two rows estimates (x.y)^j; degree j is the <see cref="TreeSketch{T}"/> of the same seed and sizes, whatever q is.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class PolySketch<T> : RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly SketchTree<T> _tree;

    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="maxDegree">q, from 1 to <see cref="PolynomialKernel.MaxDegree"/>.</param>
    /// <param name="degreeDimension">Features of each degree but 0, at least 1; even for a complex tree.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="options">Shape and leaves; null for a balanced complex tree. The expansion is 1.</param>
    /// <exception cref="ArgumentException">A dimension is out of range, or the options ask for wider inner nodes.</exception>
    public PolySketch(int inputDimension, int maxDegree, int degreeDimension, ulong seed = 0, TreeOptions? options = null)
        : base(inputDimension, Columns(maxDegree, degreeDimension), seed)
    {
        Options = options ?? new TreeOptions();
        Options.Check();
        if (Options.Expansion != 1)
        {
            throw new ArgumentException($"The sketches of all degrees share their nodes, which have the {degreeDimension} numbers of each degree: the expansion must be 1; given {Options.Expansion}.", nameof(options));
        }

        SketchFamily.Tree(Options).CheckDimension(degreeDimension);
        (MaxDegree, DegreeDimension) = (maxDegree, degreeDimension);
        _tree = new SketchTree<T>(inputDimension, maxDegree, degreeDimension, static _ => true, Options, seed);
    }

    /// <summary>q.</summary>
    public int MaxDegree { get; }

    /// <summary>Features of each degree but 0; of a complex tree real parts, then imaginary parts.</summary>
    public int DegreeDimension { get; }

    /// <summary>The tree.</summary>
    public TreeOptions Options { get; }

    /// <summary>The columns of a degree's features: column 0 for degree 0 (the constant 1), then the degrees in order.</summary>
    /// <param name="degree">0 to q.</param>
    public Range DegreeColumns(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degree, MaxDegree);
        int end = 1 + (degree * DegreeDimension);
        return degree == 0 ? 0..1 : (end - DegreeDimension)..end;
    }

    internal override void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        HomogeneousRows<T> powers = new([rows], 1);
        LaneBatches.Run(features, _tree.FlopsPerRow, (first, count, lines) =>
        {
            T* target = (T*)lines;
            new Span<T>(target, LaneSketch<T>.Lanes).Fill(T.One);
            _tree.Run(powers, first, count, degree => (nint)(target + ((1 + ((degree - 1) * (nint)DegreeDimension)) * LaneSketch<T>.Lanes)));
        });
    }

    private static int Columns(int maxDegree, int degreeDimension)
    {
        if (maxDegree is < 1 or > PolynomialKernel.MaxDegree)
        {
            throw new ArgumentOutOfRangeException(nameof(maxDegree), maxDegree, $"The highest degree must be between 1 and {PolynomialKernel.MaxDegree}; given {maxDegree}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(degreeDimension, 1);
        return checked(1 + (maxDegree * degreeDimension));
    }
}
