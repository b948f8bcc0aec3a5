using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// ||X - A B|| / ||X|| computed from the differences themselves, a block at a time. The identity ||X||^2 + ||M||^2 - 2 &lt;X, M&gt; cannot see errors below the square root
/// of the machine epsilon; this can. X is read once and nothing of its size is stored. Blocks depend on the shape alone and their sums are added in order: so does the result.
/// </summary>
internal static unsafe class StreamedResidual
{
    /// <summary>Elements of a panel of B: it stays in the second-level cache.</summary>
    private const int PanelElements = 1 << 15;

    private const int MostColumns = 2048;

    /// <summary>Rows that share a panel; enough to make its packing cheap.</summary>
    private const int BlockRows = 2048;

    /// <summary>Makes rows start .. start + count - 1 of A, or of B^T, dense.</summary>
    private delegate void Fill<T>(nint start, int count, T* rows)
        where T : unmanaged;

    /// <summary>For a model that is a matrix product.</summary>
    /// <param name="backend">Its threads are the most that are used.</param>
    /// <param name="x">m x n, row-major.</param>
    /// <param name="norm">||X||.</param>
    /// <param name="a">m x k.</param>
    /// <param name="b">k x n.</param>
    /// <returns>The relative residual; 0 for a zero tensor that is met exactly.</returns>
    public static double Relative<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> x, double norm, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b)
        where T : unmanaged, INumberBase<T>
    {
        int rank = a.Columns;
        ReadOnlyMatrixView<T> rows = b.Transpose;
        nint rowStride = a.RowStride, columnStride = a.ColumnStride, rightRow = rows.RowStride, rightColumn = rows.ColumnStride;
        fixed (T* pa = a, pb = rows)
        {
            nint left = (nint)pa, right = (nint)pb;
            return Relative(
                backend, x, norm, a.Rows, b.Columns, rank,
                (start, count, target) => Copy((T*)left + (start * rowStride), rowStride, columnStride, count, rank, target),
                (start, count, target) => Copy((T*)right + (start * rightRow), rightRow, rightColumn, count, rank, target));
        }
    }

    /// <summary>For a CP model: rows of the two Khatri-Rao products are made where they are needed.</summary>
    /// <param name="backend">Its threads are the most that are used.</param>
    /// <param name="x">X, dense row-major.</param>
    /// <param name="norm">||X||.</param>
    /// <param name="factors">Dense I_n x R matrices.</param>
    /// <param name="weights">R weights.</param>
    public static double Relative<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> x, double norm, IReadOnlyList<Tensor<T>> factors, ReadOnlySpan<T> weights)
        where T : unmanaged, INumberBase<T>
    {
        nint[] lengths = [.. factors.Select(static f => f.Lengths[0])];
        int rank = weights.Length, split = KhatriRaoProduct.Split(lengths);
        if (typeof(T) == typeof(Complex))
        {
            return OfComplex(backend, x, norm, factors, weights, split);
        }

        // Dense copies of the factors, the first one with the weights in it.
        using Scratch<T> packed = Workspace.Rent<T>(factors.Sum(static f => (int)f.Lengths[0]) * rank);
        nint[] addresses = new nint[lengths.Length];
        T* next = packed.Pointer;
        for (int n = 0; n < lengths.Length; next += lengths[n] * rank, n++)
        {
            addresses[n] = (nint)next;
            DenseData.Elements(factors[n]).CopyTo(new Span<T>(next, (int)lengths[n] * rank));
        }

        for (int i = 0; i < lengths[0]; i++)
        {
            Span<T> row = new(packed.Pointer + ((nint)i * rank), rank);
            TensorPrimitives.Multiply(row, weights, row);
        }

        KhatriRaoRows<T> left = new(addresses[..split], lengths[..split], rank), right = new(addresses[split..], lengths[split..], rank);
        return Relative(
            backend, x, norm, DenseData.Product(lengths.AsSpan(0, split)), DenseData.Product(lengths.AsSpan(split)), rank,
            (start, count, target) => left.Fill(start, count, target),
            (start, count, target) => right.Fill(start, count, target));
    }

    /// <summary>A complex product is a real one of twice the columns and twice the rank.</summary>
    private static double OfComplex<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> x, double norm, IReadOnlyList<Tensor<T>> factors, ReadOnlySpan<T> weights, int split)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> left = KhatriRaoProduct.Of(factors, 0, split, weights), right = KhatriRaoProduct.Of<T>(factors, split, factors.Count, default);
        int m = (int)left.Lengths[0], n = (int)right.Lengths[0], rank = weights.Length;
        double[] b = ComplexProducts.Expanded(MemoryMarshal.Cast<T, Complex>(DenseData.Elements(right)), n, rank, transpose: true);
        ReadOnlySpan<double> a = DenseData.Parts(MemoryMarshal.Cast<T, Complex>(DenseData.Elements(left)));
        return Relative(
            backend, MemoryMarshal.Cast<T, double>(x), norm, new ReadOnlyMatrixView<double>(a, m, 2 * rank), new ReadOnlyMatrixView<double>(b, 2 * rank, 2 * n));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<T>(T* source, nint rowStride, nint columnStride, int count, int rank, T* target)
        where T : unmanaged
    {
        for (int i = 0; i < count; i++, source += rowStride)
        {
            for (int r = 0; r < rank; r++)
            {
                *target++ = source[r * columnStride];
            }
        }
    }

    private static double Relative<T>(ILinearAlgebraBackend backend, ReadOnlySpan<T> x, double norm, int rows, int columns, int rank, Fill<T> left, Fill<T> right)
        where T : unmanaged, INumberBase<T>
    {
        int width = Math.Clamp(PanelElements / rank / ResidualKernel.Granule * ResidualKernel.Granule, 4 * ResidualKernel.Granule, MostColumns);
        int across = (columns + width - 1) / width, down = (rows + BlockRows - 1) / BlockRows, blocks = across * down;
        T scale = T.CreateTruncating(norm > 0 ? 1 / norm : 1);
        double[] sums = new double[blocks];
        fixed (T* px = x)
        {
            nint address = (nint)px;
            int threads = Math.Min(backend.Parallelism.MaxThreads, Parallelism.Current.MaxThreads);
            SlabLoop.Run(blocks, (double)rows * columns * rank < Parallelism.FlopsPerThread ? 1 : threads, block =>
            {
                int i = block % down * BlockRows, j = block / down * width, m = Math.Min(BlockRows, rows - i), n = Math.Min(width, columns - j);
                int padded = (n + ResidualKernel.Granule - 1) / ResidualKernel.Granule * ResidualKernel.Granule;
                using Scratch<T> scratch = Workspace.Rent<T>(((nint)padded * rank) + ((nint)Math.Max(m, n) * rank));
                T* panel = scratch.Pointer, lines = panel + ((nint)padded * rank);
                right(j, n, lines);
                Transpose(lines, n, padded, rank, panel);
                left(i, m, lines);
                sums[block] = ResidualKernel.SquareSum((T*)address + ((nint)i * columns) + j, columns, m, n, lines, panel, padded, rank, scale);
            });
        }

        return Math.Sqrt(sums.Sum());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* lines, int count, int padded, int rank, T* panel)
        where T : unmanaged
    {
        for (int r = 0; r < rank; r++)
        {
            T* row = panel + ((nint)r * padded);
            for (int j = 0; j < count; j++)
            {
                row[j] = lines[((nint)j * rank) + r];
            }

            new Span<T>(row + count, padded - count).Clear();
        }
    }
}
