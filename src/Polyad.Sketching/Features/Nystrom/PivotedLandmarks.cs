using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>Landmarks by randomly pivoted Cholesky of the kernel matrix, which is never stored.</summary>
internal static unsafe class PivotedLandmarks
{
    /// <summary>Chooses at most <paramref name="count"/> rows; fewer when nothing is left but rounding.</summary>
    public static int[] Choose<T>(Kernel kernel, in FeatureRows<T> x, int count, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        if (x.Matrix is { } sparse)
        {
            return Choose(new KernelColumns<T>(kernel, sparse, default, x.FirstRow, x.Rows, count, context), context);
        }

        ReadOnlyMatrixView<T> dense = x.Dense;
        fixed (T* pointer = dense)
        {
            return Choose(new KernelColumns<T>(kernel, null, Pinned.Block(dense, pointer), 0, x.Rows, count, context), context);
        }
    }

    private static int[] Choose<T>(KernelColumns<T> columns, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        int[] pivots = new RandomlyPivotedCholesky { Seed = context.Seed, Backend = context.Backend }.Fit(columns, columns.Count, null, context.CancellationToken).Pivots;
        return pivots.Length > 0 ? pivots : throw new ArgumentException("The kernel of every row with itself is 0: there is nothing to choose landmarks by.");
    }

    /// <summary>The kernel matrix of pinned rows, by columns.</summary>
    private sealed class KernelColumns<T>(Kernel kernel, CsrMatrix<T>? sparse, MatrixBlock<T> dense, int first, int rows, int count, FitContext context) : ISemidefiniteColumns<T>
        where T : unmanaged, INumberBase<T>
    {
        private int _done;

        public int Count => count;

        public int Order => rows;

        private FeatureRows<T> Rows => sparse is null ? new FeatureRows<T>(dense.AsReadOnlyView()) : new FeatureRows<T>(sparse).Slice(first, rows);

        public void Diagonal(Span<T> diagonal) => kernel.FillDiagonal(Rows, diagonal);

        public void Columns(ReadOnlySpan<int> indices, in MatrixView<T> columns, ILinearAlgebraBackend backend)
        {
            new PreparedKernel<T>(kernel, Rows.Gather(indices)).Fill(Rows, columns, backend);
            _done += indices.Length;
            context.Report(_done, count);
        }

        public void Block(ReadOnlySpan<int> indices, in MatrixView<T> block, ILinearAlgebraBackend backend)
            => new PreparedKernel<T>(kernel, Rows.Gather(indices)).Symmetric(block, backend);
    }
}
