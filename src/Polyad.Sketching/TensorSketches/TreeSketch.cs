using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The recursive sketch of Ahle, Kapralov, Knudsen, Pagh, Velingker, Woodruff and Zandieh (2020) at one degree: factors are sketched in pairs, the sketches in pairs, and so on, so that the variance grows
/// polynomially with the degree where that of product sketches grows exponentially. Nodes are products of two Hadamard transforms sampled without replacement. O(p (d log d + m log m)) per row for m inner numbers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class TreeSketch<T> : LaneSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly SketchTree<T> _tree;

    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1; even for a complex tree.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="options">Shape and sizes; null for a balanced complex tree of nodes of D numbers.</param>
    /// <exception cref="ArgumentException">A dimension is out of range.</exception>
    public TreeSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0, TreeOptions? options = null)
        : base(SketchFamily.Tree(options), inputDimension, kernel, outputDimension, seed)
    {
        _tree = new SketchTree<T>(kernel.Homogeneous(inputDimension), Degree, outputDimension, j => j == Degree, options ?? new TreeOptions(), seed);
    }

    internal override double FlopsPerRow => _tree.FlopsPerRow;

    internal override void Batch(HomogeneousRows<T> rows, int first, int count, T* lines)
    {
        nint target = (nint)lines;
        _tree.Run(rows, first, count, _ => target);
    }
}
