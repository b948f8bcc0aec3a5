using System.Numerics;

namespace Polyad.Sketching;

/// <summary>Landmarks by randomly pivoted Cholesky of the kernel matrix, which is never stored.</summary>
internal static unsafe class PivotedLandmarks
{
    /// <summary>Chooses at most <paramref name="count"/> rows; fewer when nothing is left but rounding.</summary>
    public static int[] Choose<T>(Kernel kernel, in FeatureRows<T> x, int count, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* origin = x)
        {
            return Choose(new KernelColumns<T>(kernel, new PinnedRows<T>(x, origin), count, context), context);
        }
    }

    private static int[] Choose<T>(KernelColumns<T> columns, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        int[] pivots = new RandomlyPivotedCholesky { Seed = context.Seed, Backend = context.Backend }.Fit(columns, columns.Count, null, context.CancellationToken).Pivots;
        return pivots.Length > 0 ? pivots : throw new ArgumentException("The kernel of every row with itself is 0: there is nothing to choose landmarks by.");
    }

    /// <summary>The kernel matrix of pinned rows, by columns.</summary>
    private sealed class KernelColumns<T>(Kernel kernel, PinnedRows<T> rows, int count, FitContext context) : ISemidefiniteColumns<T>
        where T : unmanaged, INumberBase<T>
    {
        private int _done;

        public int Count => count;

        public int Order => rows.Count;

        public void Diagonal(Span<T> diagonal) => kernel.FillDiagonal(rows.All, diagonal);

        public void Columns(ReadOnlySpan<int> indices, in MatrixView<T> columns, ILinearAlgebraBackend backend)
        {
            new PreparedKernel<T>(kernel, rows.All.Gather(indices)).Fill(rows.All, columns, backend);
            _done += indices.Length;
            context.Report(_done, count);
        }

        public void Block(ReadOnlySpan<int> indices, in MatrixView<T> block, ILinearAlgebraBackend backend)
            => new PreparedKernel<T>(kernel, rows.All.Gather(indices)).Symmetric(block, backend);
    }
}
