using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>Brings a matrix to entries of size 1 by a power of two, which rounds nothing, so that no later square overflows or vanishes.</summary>
internal static unsafe class ScaledMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Scales the column-major matrix by 2^-<paramref name="exponent"/>. False, with nothing done, when an entry is NaN or infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Normalize(in MatrixBlock<T> a, out int exponent)
    {
        exponent = 0;
        T largest = T.Zero;
        for (int j = 0; j < a.Columns; j++)
        {
            // NaN goes through both maxima.
            largest = T.Max(largest, T.Abs(TensorPrimitives.MaxMagnitude<T>(new ReadOnlySpan<T>(a.Data + (j * a.ColumnStride), a.Rows))));
        }

        if (!T.IsFinite(largest))
        {
            return false;
        }

        if (T.IsZero(largest))
        {
            return true;
        }

        // A power whose reciprocal is a normal number too; what remains of a denormal maximum is far from both ends.
        int limit = typeof(T) == typeof(double) ? 1020 : 124;
        exponent = Math.Clamp(T.ILogB(largest), -limit, limit);
        T factor = T.ScaleB(T.One, -exponent);
        for (int j = 0; j < a.Columns && exponent != 0; j++)
        {
            VectorKernels.Scale(a.Rows, factor, a.Data + (j * a.ColumnStride));
        }

        return true;
    }

    /// <summary>Multiplies by 2^<paramref name="exponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Restore(int n, T* s, int exponent)
    {
        for (int i = 0; i < n; i++)
        {
            s[i] = T.ScaleB(s[i], exponent);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in MatrixBlock<T> a, T value)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++)
            {
                a[i, j] = value;
            }
        }
    }
}
