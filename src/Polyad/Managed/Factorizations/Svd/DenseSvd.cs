using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>Chooses the way of a dense singular value decomposition by shape, and works on a scaled column-major copy.</summary>
internal static unsafe class DenseSvd<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Up to so many columns Jacobi is as fast as the long way, and more accurate.</summary>
    private const int JacobiColumns = 24;

    /// <summary>Rows per column from which a QR factorization first saves work (Chan, ACM TOMS 8, 1982).</summary>
    private const double TallRatio = 1.6;

    /// <summary>A = U diag(s) Vt.</summary>
    public static void Run(in MatrixBlock<T> a, in MatrixBlock<T> u, T* s, in MatrixBlock<T> vt, Parallelism parallelism)
    {
        if (a.Rows < a.Columns)
        {
            Run(a.Transpose, vt.Transpose, s, u.Transpose, parallelism);
            return;
        }

        int m = a.Rows, n = a.Columns;
        nint ld = ColumnKernels.LeadingDimension<T>(m);
        using Scratch<T> copy = Workspace.Rent<T>(ld * n);
        MatrixBlock<T> work = new(copy.Pointer, m, n, 1, ld);
        BlockCopy.Run(a, work, parallelism);
        if (!ScaledMatrix<T>.Normalize(work, out int exponent))
        {
            ScaledMatrix<T>.Fill(u, T.NaN);
            ScaledMatrix<T>.Fill(vt, T.NaN);
            new Span<T>(s, n).Fill(T.NaN);
            return;
        }

        MatrixBlock<T> v = vt.Transpose;
        if (m > TallRatio * n && m > n + 1)
        {
            Tall(work, u, s, v, parallelism);
        }
        else if (n <= JacobiColumns)
        {
            Jacobi(work, u, s, v);
        }
        else
        {
            Bidiagonal(work, u, s, v, parallelism);
        }

        ScaledMatrix<T>.Restore(n, s, exponent);
    }

    /// <summary>The singular values alone.</summary>
    public static void RunValues(in MatrixBlock<T> a, T* s, Parallelism parallelism)
    {
        if (a.Rows < a.Columns)
        {
            RunValues(a.Transpose, s, parallelism);
            return;
        }

        int m = a.Rows, n = a.Columns;
        nint ld = ColumnKernels.LeadingDimension<T>(m);
        using Scratch<T> copy = Workspace.Rent<T>(ld * n);
        MatrixBlock<T> work = new(copy.Pointer, m, n, 1, ld);
        BlockCopy.Run(a, work, parallelism);
        if (!ScaledMatrix<T>.Normalize(work, out int exponent))
        {
            new Span<T>(s, n).Fill(T.NaN);
            return;
        }

        if (m > TallRatio * n && m > n + 1)
        {
            using Scratch<T> square = Workspace.Rent<T>((nint)n * n);
            MatrixBlock<T> r = MatrixBlock<T>.ColumnMajor(square.Pointer, n, n);
            QrFactorization.RunR(work, r, parallelism);
            SquareValues(r, s, parallelism);
        }
        else
        {
            SquareValues(work, s, parallelism);
        }

        ScaledMatrix<T>.Restore(n, s, exponent);
    }

    /// <summary>A = Q R, R = U_R diag(s) V^T, U = Q U_R; the columns of a full Q beyond n are those of U, where it is formed: only its first n are moved.</summary>
    private static void Tall(in MatrixBlock<T> a, in MatrixBlock<T> u, T* s, in MatrixBlock<T> v, Parallelism parallelism)
    {
        int m = a.Rows, n = a.Columns;
        using Scratch<T> orthogonal = Workspace.Rent<T>((nint)m * n);
        using Scratch<T> squares = Workspace.Rent<T>(((nint)u.Columns + n) * n);
        MatrixBlock<T> q = MatrixBlock<T>.ColumnMajor(orthogonal.Pointer, m, n), left = u.Slice(0, 0, m, n);
        MatrixBlock<T> r = MatrixBlock<T>.ColumnMajor(squares.Pointer, u.Columns, n);
        MatrixBlock<T> ur = MatrixBlock<T>.ColumnMajor(squares.Pointer + ((nint)u.Columns * n), n, n);
        QrFactorization.Run(a, u.Columns > n ? u : q, r, parallelism);
        if (u.Columns > n)
        {
            BlockCopy.Run(left, q, parallelism);
        }

        MatrixBlock<T> top = r.Slice(0, 0, n, n);
        if (n <= JacobiColumns)
        {
            using Scratch<T> dense = Workspace.Rent<T>((nint)n * n);
            MatrixBlock<T> compact = MatrixBlock<T>.ColumnMajor(dense.Pointer, n, n);
            BlockCopy.Run(top, compact);
            Jacobi(compact, ur, s, v);
        }
        else
        {
            Bidiagonal(top, ur, s, v, parallelism);
        }

        Gemm.Run(T.One, q, ur, T.Zero, left, parallelism);
    }

    private static void Jacobi(in MatrixBlock<T> a, in MatrixBlock<T> u, T* s, in MatrixBlock<T> v)
    {
        int m = a.Rows, n = a.Columns;
        using Scratch<T> left = Workspace.Rent<T>((nint)m * u.Columns);
        using Scratch<T> right = Workspace.Rent<T>((nint)n * n);
        MatrixBlock<T> ub = MatrixBlock<T>.ColumnMajor(left.Pointer, m, u.Columns), vb = MatrixBlock<T>.ColumnMajor(right.Pointer, n, n);
        BlockCopy.Run(a, ub.Slice(0, 0, m, n));
        JacobiSvd<T>.Run(ub, n, s, vb);
        BlockCopy.Run(ub, u);
        BlockCopy.Run(vb, v);
    }

    /// <summary>Bidiagonalisation, divide and conquer, and the reflectors applied to the small vectors. A is destroyed.</summary>
    private static void Bidiagonal(in MatrixBlock<T> a, in MatrixBlock<T> u, T* s, in MatrixBlock<T> v, Parallelism parallelism)
    {
        int m = a.Rows, n = a.Columns;
        nint square = (nint)n * n;
        using Scratch<T> numbers = Workspace.Rent<T>(4 * (nint)n);
        using Scratch<T> matrices = Workspace.Rent<T>(4 * square);
        using Scratch<T> large = Workspace.Rent<T>(((nint)m * u.Columns) + square);
        using Scratch<int> integers = Workspace.Rent<int>(n);
        T* d = numbers.Pointer;
        T* e = d + n;
        T* tauLeft = e + n;
        T* tauRight = tauLeft + n;
        MatrixBlock<T> reflectors = MatrixBlock<T>.ColumnMajor(matrices.Pointer, n, n);
        Bidiagonalization<T>.Run(a, d, e, tauLeft, tauRight, reflectors, parallelism);

        MatrixBlock<T> smallU = MatrixBlock<T>.ColumnMajor(matrices.Pointer + square, n, n), smallV = MatrixBlock<T>.ColumnMajor(matrices.Pointer + (2 * square), n, n);
        T* pack = large.Pointer;
        T* coefficients = pack + ((nint)m * u.Columns);
        BidiagonalDivideAndConquer<T>.Run(n, d, e, smallU, smallV, pack, coefficients, matrices.Pointer + (3 * square), parallelism);

        // Descending order on the way into the frames that the reflectors turn: U has the small vectors over zeros, and unit columns beside them when it is full.
        MatrixBlock<T> ub = MatrixBlock<T>.ColumnMajor(pack, m, u.Columns), vb = MatrixBlock<T>.ColumnMajor(coefficients, n, n);
        int* order = integers.Pointer;
        Descending(n, d, order);
        new ReadOnlySpan<T>(d, n).CopyTo(new Span<T>(s, n));
        BlockCopy.Columns(smallU, order, ub.Slice(0, 0, m, n), parallelism);
        BlockCopy.Columns(smallV, order, vb, parallelism);
        for (int j = n; j < u.Columns; j++)
        {
            T* column = ub.Data + (j * ub.ColumnStride);
            new Span<T>(column, m).Clear();
            column[j] = T.One;
        }

        ReflectorProduct<T>.ApplyLeft(a, 0, tauLeft, ub, parallelism);
        ReflectorProduct<T>.ApplyLeft(reflectors, 1, tauRight, vb, parallelism);
        BlockCopy.Run(ub, u, parallelism);
        BlockCopy.Run(vb, v, parallelism);
    }

    private static void SquareValues(in MatrixBlock<T> a, T* s, Parallelism parallelism)
    {
        int n = a.Columns;
        if (n <= JacobiColumns)
        {
            JacobiSvd<T>.Run(a, n, s, default);
            return;
        }

        using Scratch<T> numbers = Workspace.Rent<T>(4 * (nint)n);
        T* d = numbers.Pointer;
        Bidiagonalization<T>.Run(a, d, d + n, d + (2 * n), d + (3 * n), default, parallelism);
        BidiagonalQr<T>.Run(n, d, d + n, default, default);
        Span<T> values = new(d, n);
        values.Sort();
        values.Reverse();
        values.CopyTo(new Span<T>(s, n));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Descending(int n, T* d, int* order)
    {
        Span<int> indices = new(order, n);
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }

        new Span<T>(d, n).Sort(indices);
        new Span<T>(d, n).Reverse();
        indices.Reverse();
    }
}
