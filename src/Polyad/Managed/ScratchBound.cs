namespace Polyad.Managed;

/// <summary>Adds up what the kernels rent, buffer by buffer, in the sizes that the pool hands out.</summary>
internal static class ScratchBound<T>
    where T : unmanaged
{
    /// <summary>Columns of a block of reflectors or of a panel, at most.</summary>
    private const int Panel = 64;

    /// <summary>What counts beside the large buffers: norms, pivots, coefficients of small blocks.</summary>
    private const long Small = 192 << 10;

    public static long Bytes(LinearAlgebraOperation operation, int rows, int columns, int threads)
    {
        long m = rows, n = columns, k = Math.Min(m, n), longer = Math.Max(m, n);
        long products = Products(longer, threads), panels = 3 * Buffer(Math.Min(k, Panel) * longer);
        bool tall = longer > 1.6 * k;
        return operation switch
        {
            LinearAlgebraOperation.MatMul or LinearAlgebraOperation.Gram => products,
            LinearAlgebraOperation.TriangularSolve => products + Small,
            LinearAlgebraOperation.Cholesky => products + Small + Buffer(CholeskyFactorization.PanelElements<T>(columns)) + (threads * Buffer(CholeskyFactorization.SolverElements<T>(columns))),
            LinearAlgebraOperation.Lu => products + Small + (2 * Buffer(m * Math.Min(n, Panel))) + LuBlocks(rows, columns, threads),
            LinearAlgebraOperation.Qr => products + Small + panels + Buffer((m + 16) * n),
            LinearAlgebraOperation.QrR => Small + QrR(m, n, panels, threads),
            LinearAlgebraOperation.SymmetricEigen => products + Small + panels + Reduction(n, threads) + (4 * Buffer(n * (n + 16))),
            LinearAlgebraOperation.SymmetricEigenvalues => products + Small + Reduction(n, threads) + Buffer(n * (n + 16)),
            LinearAlgebraOperation.Svd => products + Small + panels + Bidiagonal(tall ? k : longer, k, threads) + Svd(longer, k, tall),
            LinearAlgebraOperation.SingularValues => products + Small + panels + Bidiagonal(tall ? k : longer, k, threads) + Buffer(m * n) + (tall ? Buffer((longer + 16) * k) : 0) + (2 * Buffer(k * k)),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Scratch is known for matrix operations; tensor kernels work in blocks of fixed size."),
        };
    }

    /// <summary>The packed panels of one product on each thread.</summary>
    private static long Products(long longer, int threads)
    {
        long tileRoom = 64, columns = Math.Min(GemmBlocking.Columns, longer + tileRoom);
        return threads * Bucket(GemmBlocking.PackedBytes + (GemmBlocking.Depth<T>() * (columns + tileRoom) * Size));
    }

    /// <summary>The copy on which several threads work, and for each of its blocks where the later swaps move its rows.</summary>
    private static long LuBlocks(int rows, int columns, int threads)
    {
        const long NarrowestBlock = 64;
        long elements = LuFactorization.CopyElements(rows, columns, new Parallelism(threads));
        return elements == 0 ? 0 : Buffer(elements) + Bucket(((Math.Min(rows, columns) / NarrowestBlock) + 2) * rows * sizeof(int));
    }

    private static long Reduction(long n, int threads) => Buffer(TridiagonalScratch<T>.Length(PairedSums.Roles(threads), (nint)n + 16, (int)n));

    private static long Bidiagonal(long m, long n, int threads) => Buffer(BidiagonalScratch<T>.Length(PairedSums.Roles(threads), (int)m, (int)n));

    private static long QrR(long m, long n, long panels, int threads)
        => m >= 3 * n && n <= 256
            ? ((threads + 2) * (Bucket(2 << 20) + (2 * Buffer(n * (n + Panel))))) + Products(n, threads)
            : panels + Buffer((m + 16) * n) + Products(Math.Max(m, n), threads);

    /// <summary>The working copy, the bidiagonal solver's six squares, and for tall matrices Q, R and the vectors of R.</summary>
    private static long Svd(long longer, long k, bool tall)
    {
        long rows = tall ? k : longer, matrix = Buffer((longer + 16) * k);
        return matrix + Buffer(4 * k * k) + (2 * Buffer((rows * k) + (k * k))) + (tall ? (2 * matrix) + Buffer(2 * longer * k) : 0);
    }

    private static long Buffer(long elements) => Bucket(elements * Size);

    private static long Bucket(long bytes) => (long)Workspace.Bucket((nuint)bytes);

    private static unsafe long Size => sizeof(T);
}
