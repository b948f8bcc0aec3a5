using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// One-sided Jacobi for a few columns: rotations from the right make the columns orthogonal, their lengths are the singular values (de Rijk, SIAM J. Sci. Stat. Comput. 10, 1989;
/// Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13, 1992: small values keep their relative accuracy; LAPACK dgesvj).
/// </summary>
internal static unsafe class JacobiSvd<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxSweeps = 40;

    /// <summary>
    /// A = U diag(s) V^T, s descending. <paramref name="u"/> is column-major and holds A in its first n columns; its columns take U, those beyond n complete the basis.
    /// <paramref name="v"/> is n x n, column-major, and takes V; with no rows, the values alone are computed and u is destroyed.
    /// </summary>
    /// <exception cref="NonConvergenceException">The sweeps are used up.</exception>
    public static void Run(in MatrixBlock<T> u, int n, T* s, in MatrixBlock<T> v)
    {
        int m = u.Rows;
        bool vectors = v.Rows > 0;
        if (vectors)
        {
            v.Clear();
            for (int i = 0; i < n; i++)
            {
                v[i, i] = T.One;
            }
        }

        Sweeps(u, n, s, v);
        int known = 0;
        for (int j = 0; j < n; j++)
        {
            T* column = u.Data + (j * u.ColumnStride);
            s[j] = VectorKernels.Norm2(m, column);
            if (s[j] > FloatingPointLimits<T>.SquareSafe && vectors)
            {
                T length = s[j];
                for (int i = 0; i < m; i++)
                {
                    column[i] /= length;
                }

                known++;
            }
        }

        // Descending: the pivoting has nearly sorted already.
        for (int j = 0; j < n; j++)
        {
            int largest = j;
            for (int k = j + 1; k < n; k++)
            {
                largest = s[k] > s[largest] ? k : largest;
            }

            if (largest != j)
            {
                (s[j], s[largest]) = (s[largest], s[j]);
                Exchange(u, j, largest);
                Exchange(v, j, largest);
            }
        }

        if (vectors)
        {
            // A column that vanished beside the largest has no direction of its own.
            OrthonormalCompletion<T>.Run(u, known);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweeps(in MatrixBlock<T> a, int n, T* squares, in MatrixBlock<T> v)
    {
        int m = a.Rows;
        T limit = FloatingPointLimits<T>.Ulp * T.Sqrt(T.CreateChecked(m)) / (T.One + T.One);

        // Of a cosine rounding may leave m u by the product and 3 u by the rotation of either column: more rotations would not end it.
        T settled = FloatingPointLimits<T>.UnitRoundoff * T.CreateChecked(m + 6);
        T vanished = FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.Ulp;
        T two = T.One + T.One;
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            bool last = true;
            for (int j = 0; j < n; j++)
            {
                T* column = a.Data + (j * a.ColumnStride);
                squares[j] = VectorKernels.Dot(m, column, column);
            }

            for (int p = 0; p < n - 1; p++)
            {
                // De Rijk's pivoting: the longest remaining column comes first.
                int longest = p;
                for (int k = p + 1; k < n; k++)
                {
                    longest = squares[k] > squares[longest] ? k : longest;
                }

                if (longest != p)
                {
                    (squares[p], squares[longest]) = (squares[longest], squares[p]);
                    Exchange(a, p, longest);
                    Exchange(v, p, longest);
                }

                T* x = a.Data + (p * a.ColumnStride);
                for (int q = p + 1; q < n; q++)
                {
                    T* y = a.Data + (q * a.ColumnStride);
                    T xx = squares[p], yy = squares[q];
                    if (!(yy > vanished) || !(xx > vanished))
                    {
                        continue;
                    }

                    T xy = VectorKernels.Dot(m, x, y), lengths = T.Sqrt(xx) * T.Sqrt(yy);
                    if (!(T.Abs(xy) > limit * lengths))
                    {
                        continue;
                    }

                    // The smaller angle that makes the columns orthogonal: cot(2 theta) = (yy - xx) / (2 xy).
                    last &= !(T.Abs(xy) > settled * lengths);
                    T cotangent = (yy - xx) / (two * xy);
                    T tangent = T.Abs(cotangent) > T.One / FloatingPointLimits<T>.Ulp
                        ? T.One / (two * cotangent)
                        : T.CopySign(T.One, cotangent) / (T.Abs(cotangent) + T.Sqrt(T.One + (cotangent * cotangent)));
                    T c = T.One / T.Sqrt(T.One + (tangent * tangent)), s = tangent * c;
                    GivensRotation.Apply(m, x, y, c, -s);
                    if (v.Rows > 0)
                    {
                        GivensRotation.Apply(v.Rows, v.Data + (p * v.ColumnStride), v.Data + (q * v.ColumnStride), c, -s);
                    }

                    squares[p] = xx - (tangent * xy);

                    // The updated square loses its digits where the rotation shortens the column much.
                    T shorter = yy + (tangent * xy);
                    squares[q] = shorter;
                    if (!(squares[p] > xx / two))
                    {
                        squares[p] = VectorKernels.Dot(m, x, x);
                    }

                    if (!(squares[q] > yy / two))
                    {
                        squares[q] = VectorKernels.Dot(m, y, y);
                    }
                }
            }

            if (last)
            {
                return;
            }
        }

        throw new NonConvergenceException($"One-sided Jacobi did not converge in {MaxSweeps} sweeps.", MaxSweeps);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exchange(in MatrixBlock<T> a, int i, int j)
    {
        if (a.Rows > 0)
        {
            Span<T> x = new(a.Data + (i * a.ColumnStride), a.Rows), y = new(a.Data + (j * a.ColumnStride), a.Rows);
            for (int k = 0; k < a.Rows; k++)
            {
                (x[k], y[k]) = (y[k], x[k]);
            }
        }
    }
}
