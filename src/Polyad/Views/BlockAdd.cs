using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad;

/// <summary>C = alpha X + beta C for two layouts; with beta = 0 C is not read.</summary>
internal static unsafe class BlockAdd
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T alpha, in MatrixBlock<T> x, T beta, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        // Walk C along its shorter stride; the transpose of both is the same sum.
        (MatrixBlock<T> source, MatrixBlock<T> target) = nint.Abs(c.RowStride) < nint.Abs(c.ColumnStride) ? (x.Transpose, c.Transpose) : (x, c);
        bool fresh = T.IsZero(beta), lines = source.ColumnStride == 1 && target.ColumnStride == 1 && Vector.IsHardwareAccelerated;
        Vector<T> scale = new(alpha), keep = new(beta);
        for (int i = 0; i < target.Rows; i++)
        {
            T* from = source.Data + (i * source.RowStride), to = target.Data + (i * target.RowStride);
            int j = 0;
            for (; lines && j <= target.Columns - Vector<T>.Count; j += Vector<T>.Count)
            {
                Vector<T> sum = scale * Vector.Load(from + j);
                (fresh ? sum : sum + (keep * Vector.Load(to + j))).Store(to + j);
            }

            for (; j < target.Columns; j++)
            {
                ref T old = ref to[j * target.ColumnStride];
                T sum = alpha * from[j * source.ColumnStride];
                old = fresh ? sum : sum + (beta * old);
            }
        }
    }
}
