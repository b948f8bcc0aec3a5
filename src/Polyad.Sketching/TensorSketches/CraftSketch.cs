using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// CRAFTMaps (Hamid, Xiao, Gittens, DeCoste 2014): a sketch to E = expansion * D features, where the variance is low, projected to D by a subsampled Hadamard transform, which loses little where the features have less than
/// D essential dimensions. The best sketch at high degree and equal D, for about expansion times the time.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class CraftSketch<T> : PolynomialSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private const int RowBlock = 64;

    private readonly PolynomialSketch<T> _up;
    private readonly HadamardFactor<T> _down;

    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="up">The sketch to more features; null for the complex-to-real ProductSRHT.</param>
    /// <param name="expansion">E / D, at least 1; E is one more where it would be odd and the sketch is complex.</param>
    /// <exception cref="ArgumentException">A dimension is out of range.</exception>
    public CraftSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0, SketchFamily? up = null, int expansion = 15)
        : base(SketchFamily.Craft(up, expansion), inputDimension, kernel, outputDimension, seed)
    {
        CraftFamily family = (CraftFamily)Family;
        int features = family.UpFeatures(outputDimension);
        _up = family.Up.Create<T>(inputDimension, kernel, features, SketchStream.Seed(seed, 0));
        _down = new HadamardFactor<T>(features, outputDimension, complex: false, HadamardSampling.Shared, SketchStream.Seed(seed, 1), 0);
    }

    internal override void FillProduct(HomogeneousRows<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        int block = Math.Min(features.Rows, RowBlock), wide = _up.OutputDimension;
        T scale = T.CreateTruncating(1 / Math.Sqrt(OutputDimension));
        using Scratch<T> scratch = Workspace.Rent<T>((nint)block * wide);
        MatrixBlock<T> up = MatrixBlock<T>.RowMajor(scratch.Pointer, block, wide);
        for (int first = 0; first < features.Rows; first += block)
        {
            int count = Math.Min(block, features.Rows - first), start = first;
            _up.FillProduct(rows.Slice(first, count), up.Slice(0, 0, count, wide), backend);
            WorkTeam.Run(count, Parallelism.Current.ThreadsForFlops(_down.Flops * count), r =>
            {
                using Scratch<T> work = Workspace.Rent<T>(_down.Size + (nint)OutputDimension);
                T* line = work.Pointer + _down.Size;
                _down.Row(scale, up.Data + (r * up.RowStride), work.Pointer, line);
                BlockCopy.Run(MatrixBlock<T>.RowMajor(line, 1, OutputDimension), features.Slice(start + r, 0, 1, OutputDimension));
            });
        }

        CheckOverflow(features);
    }
}
