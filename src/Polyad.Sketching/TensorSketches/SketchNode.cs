using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A batch of vectors in lines: an inner value of a tree, real or complex.</summary>
internal readonly unsafe struct LaneVector<T>(T* real, T* imaginary)
    where T : unmanaged
{
    public readonly T* Real = real;

    /// <summary>Null where the vectors are real.</summary>
    public readonly T* Imaginary = imaginary;
}

/// <summary>
/// A node of a tree: z_t = m^(-1/2) (w_1t . u)(w_2t . v) with rows of Hadamard matrices with random signs, drawn without replacement. Without a second factor it is a linear projection.
/// </summary>
internal sealed unsafe class SketchNode<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly HadamardFactor<T> _left;
    private readonly HadamardFactor<T>? _right;
    private readonly bool _complex;
    private readonly T _scale;

    /// <param name="left">The length of u.</param>
    /// <param name="right">The length of v, 0 for none.</param>
    /// <param name="outputs">m, real or complex.</param>
    /// <param name="complex">Complex signs.</param>
    /// <param name="seed">The sketch's seed.</param>
    /// <param name="node">The number of the node.</param>
    public SketchNode(int left, int right, int outputs, bool complex, ulong seed, int node)
    {
        _left = new HadamardFactor<T>(left, outputs, complex, HadamardSampling.Shared, seed, 2 * node);
        _right = right == 0 ? null : new HadamardFactor<T>(right, outputs, complex, HadamardSampling.Shared, seed, (2 * node) + 1);
        _complex = complex;
        _scale = T.CreateTruncating(1 / Math.Sqrt(outputs));
    }

    public int Outputs => _left.Outputs;

    public double Flops => _left.Flops + (_right?.Flops ?? 0);

    /// <summary>Lines of scratch that <see cref="Join"/> needs.</summary>
    public int WorkLines => (_complex ? 2 : 1) * Math.Max(_left.Size, _right?.Size ?? 0);

    /// <summary>Fills z, which is none of the inputs.</summary>
    public void Join(in LaneVector<T> u, in LaneVector<T> v, in LaneVector<T> z, T* work)
    {
        int lanes = LaneSketch<T>.Lanes;
        T* wi = work + ((nint)WorkLines / 2 * lanes);
        if (_complex)
        {
            _left.Transform(0, u.Real, u.Imaginary, work, wi);
            _left.Take(0, _scale, work, z.Real);
            _left.Take(0, _scale, wi, z.Imaginary);
            if (_right is not null)
            {
                _right.Transform(0, v.Real, v.Imaginary, work, wi);
                _right.Multiply(0, work, wi, z.Real, z.Imaginary);
            }

            return;
        }

        _left.Transform(0, u.Real, work);
        _left.Take(0, _scale, work, z.Real);
        if (_right is not null)
        {
            _right.Transform(0, v.Real, work);
            _right.Multiply(0, work, z.Real);
        }
    }
}
