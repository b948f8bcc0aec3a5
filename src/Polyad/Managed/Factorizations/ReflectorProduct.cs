using System.Numerics;

namespace Polyad.Managed;

/// <summary>Multiplies by a product of reflectors, H_0 H_1 .. H_{k-1} C, block by block in compact WY form (Schreiber, Van Loan 1989; LAPACK dormbr, dormtr).</summary>
internal static unsafe class ReflectorProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockColumns = 48;

    /// <summary>C = H_0 .. H_{k-1} C. Reflector j is column j of <paramref name="reflectors"/> from row j + <paramref name="offset"/> on, what is above is not read.</summary>
    public static void ApplyLeft(in MatrixBlock<T> reflectors, int offset, T* tau, in MatrixBlock<T> c, Parallelism parallelism)
    {
        int k = Math.Min(reflectors.Columns, reflectors.Rows - offset);
        if (k <= 0)
        {
            return;
        }

        int block = Math.Min(BlockColumns, k);
        using Scratch<T> scratch = Workspace.Rent<T>(((nint)reflectors.Rows + block) * block);
        for (int start = (k - 1) / block * block; start >= 0; start -= block)
        {
            int columns = Math.Min(block, k - start), first = start + offset, rows = reflectors.Rows - first;
            MatrixBlock<T> v = MatrixBlock<T>.ColumnMajor(scratch.Pointer, rows, columns);
            MatrixBlock<T> t = MatrixBlock<T>.ColumnMajor(scratch.Pointer + ((nint)reflectors.Rows * block), columns, columns);
            CompactWy.CopyReflectors(reflectors.Slice(first, start, rows, columns), v);
            CompactWy.BuildT(v, tau + start, t);
            CompactWy.ApplyLeft(false, v, t, c.Slice(first, 0, rows, c.Columns), parallelism);
        }
    }
}
