using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad;

/// <summary>The norms of a matrix.</summary>
public enum MatrixNorm
{
    /// <summary>The square root of the sum of squares.</summary>
    Frobenius,

    /// <summary>The largest column sum of magnitudes.</summary>
    One,

    /// <summary>The largest row sum of magnitudes.</summary>
    Infinity,

    /// <summary>The largest singular value.</summary>
    Two,

    /// <summary>The sum of the singular values.</summary>
    Nuclear,

    /// <summary>The largest magnitude.</summary>
    Max,
}

public static unsafe partial class LinearAlgebra
{
    /// <summary>A norm of a matrix; no intermediate overflows or vanishes. An empty matrix has norm 0; NaN gives NaN (Two and Nuclear refuse it).</summary>
    /// <param name="a">m x n.</param>
    /// <param name="norm">Which norm.</param>
    /// <param name="backend">The engine of the singular values; null for the current one.</param>
    public static T Norm<T>(in ReadOnlyMatrixView<T> a, MatrixNorm norm = MatrixNorm.Frobenius, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        if (a.IsEmpty)
        {
            return T.Zero;
        }

        return norm switch
        {
            MatrixNorm.Frobenius => T.CreateSaturating(FrobeniusNorm(a)),
            MatrixNorm.One => T.CreateSaturating(LargestRowSum(a.Transpose)),
            MatrixNorm.Infinity => T.CreateSaturating(LargestRowSum(a)),
            MatrixNorm.Max => T.CreateSaturating(LargestMagnitude(a)),
            MatrixNorm.Two => Elements(SingularValues(a, backend))[0],
            MatrixNorm.Nuclear => TensorPrimitives.Sum<T>(Elements(SingularValues(a, backend))),
            _ => throw new ArgumentOutOfRangeException(nameof(norm), norm, "There is no such norm."),
        };
    }

    /// <summary>
    /// The condition number ||A|| ||A^-1||; infinity for a singular matrix. With <see cref="MatrixNorm.Two"/>, for any shape, the ratio of the extreme singular values.
    /// </summary>
    /// <param name="a">n x n; any shape with <see cref="MatrixNorm.Two"/>.</param>
    /// <param name="norm">Two, One, Infinity, Frobenius or Nuclear.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">A is empty, or not square where it must be, or the norm is <see cref="MatrixNorm.Max"/>.</exception>
    public static T Cond<T>(in ReadOnlyMatrixView<T> a, MatrixNorm norm = MatrixNorm.Two, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        if (a.IsEmpty)
        {
            throw new ArgumentException($"The condition number of an empty matrix ({a.Rows} x {a.Columns}) is not defined.", nameof(a));
        }

        if (norm == MatrixNorm.Max)
        {
            throw new ArgumentException("The largest magnitude is not submultiplicative: it gives no condition number.", nameof(norm));
        }

        if (norm == MatrixNorm.Two)
        {
            ReadOnlySpan<T> s = Elements(SingularValues(a, backend));
            return T.IsZero(s[^1]) ? T.CreateSaturating(double.PositiveInfinity) : s[0] / s[^1];
        }

        try
        {
            return Norm(a, norm, backend) * Norm(Inverse(a, backend).AsReadOnlyMatrix(), norm, backend);
        }
        catch (SingularMatrixException)
        {
            return T.CreateSaturating(double.PositiveInfinity);
        }
    }

    /// <summary>The number of singular values above a tolerance.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="tolerance">Absolute; default eps * max(m, n) times the largest singular value (as NumPy).</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public static int MatrixRank<T>(in ReadOnlyMatrixView<T> a, double? tolerance = null, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        int rank = 0;
        ReadOnlySpan<T> s = Elements(SingularValues(a, backend));
        double cut = tolerance ?? (s.IsEmpty ? 0 : Real(s[0]) * Epsilon<T>() * Math.Max(a.Rows, a.Columns));
        foreach (T value in s)
        {
            rank += Real(value) > cut ? 1 : 0;
        }

        return rank;
    }

    /// <summary>The determinant, from the pivots of LU; it overflows or vanishes only where the determinant itself does. 1 for an empty matrix.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public static T Determinant<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        LuResult<T> lu = Lu(a, backend);
        double mantissa = 1;
        long exponent = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            mantissa *= Real(Elements(lu.Lu)[(i * a.Rows) + i]) * (lu.Pivots[i] == i ? 1 : -1);
            if (mantissa == 0 || !double.IsFinite(mantissa))
            {
                return T.CreateSaturating(mantissa);
            }

            int shift = Math.ILogB(mantissa);
            mantissa = Math.ScaleB(mantissa, -shift);
            exponent += shift;
        }

        return T.CreateSaturating(Math.ScaleB(mantissa, (int)Math.Clamp(exponent, -5000, 5000)));
    }

    /// <summary>The sign (-1, 0 or 1) of the determinant and the logarithm of its magnitude (minus infinity when it is zero).</summary>
    /// <param name="a">n x n.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public static (int Sign, double LogMagnitude) LogDeterminant<T>(in ReadOnlyMatrixView<T> a, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Square(a);
        LuResult<T> lu = Lu(a, backend);
        int sign = 1;
        double log = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            double pivot = Real(Elements(lu.Lu)[(i * a.Rows) + i]);
            if (pivot == 0)
            {
                return (0, double.NegativeInfinity);
            }

            sign = (pivot < 0) == (lu.Pivots[i] == i) ? -sign : sign;
            log += Math.Log(Math.Abs(pivot));
        }

        return (sign, log);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double FrobeniusNorm<T>(in ReadOnlyMatrixView<T> view)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* origin = view)
        {
            MatrixBlock<T> a = Pinned.Block(view, origin);
            a = nint.Abs(a.ColumnStride) <= nint.Abs(a.RowStride) ? a : a.Transpose;

            // Norms of lines first (they guard themselves), then the norm of those, scaled by the largest.
            // What is not finite adds up to NaN where there is one, else to infinity.
            double scale = 0, sum = 0, notFinite = 0;
            for (int i = 0; i < a.Rows; i++)
            {
                double line = LineNorm(a.Data + (i * a.RowStride), a.Columns, a.ColumnStride);
                if (!double.IsFinite(line))
                {
                    notFinite += line;
                }
                else if (line > scale)
                {
                    sum = 1 + (sum * (scale / line) * (scale / line));
                    scale = line;
                }
                else if (line > 0)
                {
                    sum += line / scale * (line / scale);
                }
            }

            return notFinite != 0 ? notFinite : scale * Math.Sqrt(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double LineNorm<T>(T* x, int n, nint stride)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double) && (stride == 1 || n == 1))
        {
            return VectorKernels.Norm2(n, (double*)x);
        }

        double scale = 0, sum = 0, notFinite = 0;
        for (int j = 0; j < n; j++)
        {
            double value = Math.Abs(Real(x[j * stride]));
            if (!double.IsFinite(value))
            {
                notFinite += value;
            }
            else if (typeof(T) == typeof(float))
            {
                sum += value * value;
            }
            else if (value > scale)
            {
                sum = 1 + (sum * (scale / value) * (scale / value));
                scale = value;
            }
            else if (value > 0)
            {
                sum += value / scale * (value / scale);
            }
        }

        return notFinite != 0 ? notFinite : typeof(T) == typeof(float) ? Math.Sqrt(sum) : scale * Math.Sqrt(sum);
    }

    private static double LargestRowSum<T>(in ReadOnlyMatrixView<T> view)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* origin = view)
        {
            MatrixBlock<T> a = Pinned.Block(view, origin);
            double largest = 0;
            for (int i = 0; i < a.Rows; i++)
            {
                double sum = 0;
                for (int j = 0; j < a.Columns; j++)
                {
                    sum += Math.Abs(Real(a[i, j]));
                }

                largest = Math.Max(largest, sum);
            }

            return largest;
        }
    }

    private static double LargestMagnitude<T>(in ReadOnlyMatrixView<T> view)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* origin = view)
        {
            MatrixBlock<T> a = Pinned.Block(view, origin);
            double largest = 0;
            for (int i = 0; i < a.Rows; i++)
            {
                for (int j = 0; j < a.Columns; j++)
                {
                    largest = Math.Max(largest, Math.Abs(Real(a[i, j])));
                }
            }

            return largest;
        }
    }
}
