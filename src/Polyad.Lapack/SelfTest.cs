using System.Numerics;

namespace Polyad.Lapack;

/// <summary>
/// Small problems with known answers, put to a library before it is used for anything else: a wrong result refuses the library. Every routine that it exports
/// is tried, in both precisions, at a size that reaches blocked code.
/// </summary>
internal static unsafe partial class SelfTest
{
    private const int Order = 40;

    /// <summary>Null when all is right, else what was wrong.</summary>
    public static string? Run(NativeKernelTable table)
    {
        using ThreadControl.Scope threads = table.Threads.Use(1);
        return Run(table.For<double>(), Math.ScaleB(1, -53)) ?? Run(table.For<float>(), Math.ScaleB(1, -24));
    }

    private static string? Run<T>(Routines<T> routines, double roundoff)
        where T : unmanaged, INumberBase<T>
    {
        double tolerance = 30 * Order * roundoff;
        foreach (Routine routine in RoutineNames.All)
        {
            double error = !routines.Has(routine) ? 0 : routine switch
            {
                Routine.Gemm => Products(routines),
                Routine.Gemv => VectorProduct(routines),
                Routine.Syrk => Syrk(routines),
                Routine.Trsm => Trsm(routines),
                Routine.Potrf => Potrf(routines),
                Routine.Getrf => Getrf(routines),
                Routine.Geqrf => routines.Has(Routine.Orgqr) ? Qr(routines) : 0,
                Routine.Syevd => Syevd(routines),
                Routine.Gesdd => Gesdd(routines),
                _ => 0,
            };
            if (!(error <= tolerance))
            {
                return $"{RoutineNames.Of<T>(routine)} gives wrong results (relative error {error:E1}, allowed {tolerance:E1})";
            }
        }

        return null;
    }

    /// <summary>C = 2 op(A) op(B) + beta C for every pair of flags, beta = 0 over a C of NaN included.</summary>
    private static double Products<T>(Routines<T> blas)
        where T : unmanaged, INumberBase<T>
    {
        const int M = Order - 3, N = Order - 7, K = Order + 5;
        double worst = 0;
        foreach (string flags in (ReadOnlySpan<string>)["NN", "TN", "NT", "TT"])
        {
            foreach (double beta in (ReadOnlySpan<double>)[0, -0.5])
            {
                Matrix<T> a = new(flags[0] == 'N' ? M : K, flags[0] == 'N' ? K : M, 1), b = new(flags[1] == 'N' ? K : N, flags[1] == 'N' ? N : K, 2), c = new(M, N, 3);
                Matrix<T> before = new(M, N, 3);
                if (beta == 0)
                {
                    c.Values.AsSpan().Fill(T.CreateTruncating(double.NaN));
                }

                fixed (T* pa = a.Values)
                fixed (T* pb = b.Values)
                fixed (T* pc = c.Values)
                {
                    blas.Gemm(flags[0], flags[1], M, N, K, T.CreateTruncating(2.0), pa, a.Rows, pb, b.Rows, T.CreateTruncating(beta), pc, M);
                }

                for (int i = 0; i < M; i++)
                {
                    for (int j = 0; j < N; j++)
                    {
                        double right = beta * before[i, j];
                        for (int k = 0; k < K; k++)
                        {
                            right += 2 * (flags[0] == 'N' ? a[i, k] : a[k, i]) * (flags[1] == 'N' ? b[k, j] : b[j, k]);
                        }

                        worst = Larger(worst, Math.Abs(c[i, j] - right) / K);
                    }
                }
            }
        }

        return worst;
    }

    private static double VectorProduct<T>(Routines<T> blas)
        where T : unmanaged, INumberBase<T>
    {
        const int M = Order, N = Order - 9;
        Matrix<T> a = new(M, N, 4), x = new(2, N, 5), y = new(1, M, 6), before = new(1, M, 6);
        fixed (T* pa = a.Values)
        fixed (T* px = x.Values)
        fixed (T* py = y.Values)
        {
            blas.Gemv('N', M, N, T.One, pa, M, px, 2, T.One, py, 1);
        }

        double worst = 0;
        for (int i = 0; i < M; i++)
        {
            double right = before[0, i];
            for (int j = 0; j < N; j++)
            {
                right += a[i, j] * x[0, j];
            }

            worst = Larger(worst, Math.Abs(y[0, i] - right) / N);
        }

        return worst;
    }

    private static double Syrk<T>(Routines<T> blas)
        where T : unmanaged, INumberBase<T>
    {
        const int N = Order, K = Order - 11;
        Matrix<T> a = new(N, K, 7), c = new(N, N, 8), before = new(N, N, 8);
        fixed (T* pa = a.Values)
        fixed (T* pc = c.Values)
        {
            blas.Syrk('L', 'N', N, K, T.One, pa, N, -T.One, pc, N);
        }

        double worst = 0;
        for (int j = 0; j < N; j++)
        {
            for (int i = 0; i < N; i++)
            {
                double right = -before[i, j];
                for (int k = 0; k < K; k++)
                {
                    right += a[i, k] * a[j, k];
                }

                worst = Larger(worst, Math.Abs(c[i, j] - (i >= j ? right : before[i, j])) / K);
            }
        }

        return worst;
    }

    private static double Trsm<T>(Routines<T> blas)
        where T : unmanaged, INumberBase<T>
    {
        const int N = Order, K = 7;
        Matrix<T> a = Matrix<T>.Definite(N), b = new(N, K, 9), x = new(N, K, 9);
        fixed (T* pa = a.Values)
        fixed (T* px = x.Values)
        {
            blas.Trsm('L', 'L', 'N', 'N', N, K, pa, N, px, N);
        }

        double worst = 0;
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < K; j++)
            {
                double product = 0;
                for (int k = 0; k <= i; k++)
                {
                    product += a[i, k] * x[k, j];
                }

                worst = Larger(worst, Math.Abs(product - b[i, j]) / N);
            }
        }

        return worst;
    }

    /// <summary>The larger of two errors; NaN stays.</summary>
    private static double Larger(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b);

    /// <summary>A small column-major matrix; entries come from a linear congruential sequence in [-1, 1] with 12 bits, exact in both precisions.</summary>
    private sealed class Matrix<T>
        where T : unmanaged, INumberBase<T>
    {
        public Matrix(int rows, int columns, uint seed)
        {
            Rows = rows;
            Columns = columns;
            Values = new T[rows * columns];
            uint state = seed * 2654435761;
            for (int i = 0; i < Values.Length; i++)
            {
                state = (state * 1664525) + 1013904223;
                Values[i] = T.CreateTruncating(((int)(state >> 20) - 2048) / 2048.0);
            }
        }

        public int Rows { get; }

        public int Columns { get; }

        public T[] Values { get; }

        public double this[int row, int column]
        {
            get => double.CreateTruncating(Values[row + (column * Rows)]);
            set => Values[row + (column * Rows)] = T.CreateTruncating(value);
        }

        /// <summary>The second-difference matrix 2I - shift - shift^T plus I: positive definite, eigenvalues 3 - 2 cos(k pi / (n + 1)).</summary>
        public static Matrix<T> Definite(int n)
        {
            Matrix<T> a = new(n, n, 0);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    a[i, j] = i == j ? 3 : Math.Abs(i - j) == 1 ? -1 : 0;
                }
            }

            return a;
        }
    }
}
