using System.Numerics;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>C = beta C, the first step of every product that adds to C; with 0 C is not read.</summary>
internal static unsafe class BlockScale
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(in MatrixBlock<T> c, T beta)
        where T : unmanaged, INumberBase<T>
    {
        if (c.IsEmpty || beta == T.One)
        {
            return;
        }

        MatrixBlock<T> lines = nint.Abs(c.RowStride) < nint.Abs(c.ColumnStride) ? c.Transpose : c;
        for (int i = 0; i < lines.Rows; i++)
        {
            T* line = lines.Data + (i * lines.RowStride);
            if (lines.ColumnStride != 1)
            {
                for (int j = 0; j < lines.Columns; j++)
                {
                    line[j * lines.ColumnStride] = T.IsZero(beta) ? T.Zero : beta * line[j * lines.ColumnStride];
                }
            }
            else if (T.IsZero(beta))
            {
                new Span<T>(line, lines.Columns).Clear();
            }
            else
            {
                VectorKernels.Scale(lines.Columns, beta, line);
            }
        }
    }
}
