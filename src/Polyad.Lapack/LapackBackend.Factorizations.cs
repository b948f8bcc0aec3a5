using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Polyad.Managed;

namespace Polyad.Lapack;

public sealed unsafe partial class LapackBackend
{
    /// <summary>Rows that are copied together.</summary>
    private const int StripRows = 32;

    /// <inheritdoc/>
    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l) => CheckedCholesky(a, l, Unchecked);

    /// <inheritdoc/>
    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots) => CheckedLu(a, lu, pivots, Unchecked);

    /// <inheritdoc/>
    internal override int CheckedCholesky<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l, in FactorizationOptions options)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Potrf))
        {
            return ManagedMinor(a, l, options);
        }

        fixed (T* pa = a)
        fixed (T* pl = l)
        {
            using ThreadControl.Scope threads = ThreadsForFactorization((double)a.Rows * a.Rows * a.Rows / 3);

            // Column-major always: libraries factor a lower triangle up to twice as fast as an upper one, as which they would see a row-major L.
            MatrixBlock<T> target = Pinned.Block(l, pl);
            using ColumnMajor<T> work = ColumnMajor<T>.For(target, lapack.LargestInteger);
            CopyLower(Pinned.Block(a, pa), work.Matrix);
            long info = lapack.Potrf('L', a.Rows, work.Data, work.LeadingDimension);

            // What is not finite in row i ends in the pivot of row i, which is that row's diagonal minus the squares before it: n pivots tell of n^2/2 entries.
            MatrixBlock<T> pivots = new(work.Data, a.Rows, 1, work.Matrix.RowStride + work.Matrix.ColumnStride, 1);
            if (info != 0 || !FiniteCheck.All(pivots.AsReadOnlyView(), out _, out _))
            {
                Arguments.FiniteTriangle(Triangle.Lower, a, options, nameof(a));
            }

            if (work.IsStaged)
            {
                CopyLower(work.Matrix, target);
            }

            ClearAbove(target);
            return Completed(info, "potrf");
        }
    }

    /// <inheritdoc/>
    internal override int CheckedLu<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots, in FactorizationOptions options)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Getrf))
        {
            return ManagedBackend.Shared.Lu(a, lu, pivots, options);
        }

        fixed (T* pa = a)
        fixed (T* pl = lu)
        fixed (int* pp = pivots)
        {
            using ThreadControl.Scope threads = ThreadsForFactorization((double)a.Rows * a.Columns * Math.Min(a.Rows, a.Columns));
            using ColumnMajor<T> work = ColumnMajor<T>.For(Pinned.Block(lu, pl), lapack.LargestInteger);
            if (!CopyAll(Pinned.Block(a, pa), work.Matrix, options.CheckFinite))
            {
                Arguments.Finite(a, options, nameof(a));
            }

            long info = lapack.Getrf(a.Rows, a.Columns, work.Data, work.LeadingDimension, pp);
            work.Store();
            return Completed(info, "getrf") - 1;
        }
    }

    /// <inheritdoc/>
    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Geqrf) || !lapack.Has(Routine.Orgqr))
        {
            ManagedBackend.Shared.Qr(a, q, r, Unchecked);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pq = q)
        fixed (T* pr = r)
        {
            int m = a.Rows, n = a.Columns, k = Math.Min(m, n);
            using ThreadControl.Scope threads = ThreadsForFactorization(2.0 * m * n * k);
            MatrixBlock<T> source = Pinned.Block(a, pa), target = Pinned.Block(q, pq), upper = Pinned.Block(r, pr);
            using Scratch<T> tau = Workspace.Rent<T>(k);
            using ColumnMajor<T> orthogonal = ColumnMajor<T>.For(target, lapack.LargestInteger);

            // A wide matrix has more columns than Q: factor it aside and bring the reflectors over.
            if (n > q.Columns)
            {
                using ColumnMajor<T> aside = ColumnMajor<T>.Rent(m, n);
                BlockCopy.Run(source, aside.Matrix);
                lapack.Geqrf(m, n, aside.Data, aside.LeadingDimension, tau.Pointer);
                StoreUpper(aside.Matrix, upper);
                BlockCopy.Run(aside.Matrix.Slice(0, 0, m, k), orthogonal.Matrix.Slice(0, 0, m, k));
            }
            else
            {
                BlockCopy.Run(source, orthogonal.Matrix.Slice(0, 0, m, n));
                lapack.Geqrf(m, n, orthogonal.Data, orthogonal.LeadingDimension, tau.Pointer);
                StoreUpper(orthogonal.Matrix.Slice(0, 0, m, n), upper);
            }

            lapack.Orgqr(m, q.Columns, k, orthogonal.Data, orthogonal.LeadingDimension, tau.Pointer);
            FlipNegativeRows(upper, orthogonal.Matrix);
            orthogonal.Store();
        }
    }

    /// <inheritdoc/>
    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
    {
        Routines<T> lapack = _table.For<T>();
        if (!lapack.Has(Routine.Geqrf) || !lapack.Has(Routine.Orgqr))
        {
            // The self-test judges the two routines together.
            ManagedBackend.Shared.QrR(a, r, Unchecked);
            return;
        }

        fixed (T* pa = a)
        fixed (T* pr = r)
        {
            int m = a.Rows, n = a.Columns;
            using ThreadControl.Scope threads = ThreadsForFactorization(2.0 * m * n * Math.Min(m, n));
            using Scratch<T> tau = Workspace.Rent<T>(Math.Min(m, n));
            using ColumnMajor<T> work = ColumnMajor<T>.Rent(m, n);
            BlockCopy.Run(Pinned.Block(a, pa), work.Matrix);
            lapack.Geqrf(m, n, work.Data, work.LeadingDimension, tau.Pointer);
            StoreUpper(work.Matrix, Pinned.Block(r, pr));
        }
    }

    /// <summary>The managed factorization reports by exception what <see cref="CholeskyCore"/> reports by value.</summary>
    private static int ManagedMinor<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l, in FactorizationOptions options)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            ManagedBackend.Shared.Cholesky(a, l, options);
            return 0;
        }
        catch (NotPositiveDefiniteException e)
        {
            return e.Minor;
        }
    }

    /// <summary>INFO, when it is a finding; a refused argument would be this engine's own mistake.</summary>
    private static int Completed(long info, string routine)
        => info >= 0 ? (int)info : throw new InvalidOperationException($"{routine} refused its argument {-info}.");

    /// <summary>Copies the upper triangle (trapezium) of a factored matrix to R and puts zeros below.</summary>
    private static void StoreUpper<T>(in MatrixBlock<T> factored, in MatrixBlock<T> r)
        where T : unmanaged
    {
        int rows = Math.Min(factored.Rows, factored.Columns);
        BlockCopy.Run(factored.Slice(0, 0, rows, factored.Columns), r.Slice(0, 0, rows, factored.Columns));
        ClearAbove(r.Transpose);
    }

    /// <summary>Makes the diagonal of R not negative while the columns of Q are still contiguous: Householder reflections leave about half of it negative.</summary>
    private static void FlipNegativeRows<T>(in MatrixBlock<T> r, in MatrixBlock<T> q)
        where T : unmanaged, INumberBase<T>
    {
        for (int k = 0; k < Math.Min(r.Rows, r.Columns); k++)
        {
            if (T.IsNegative(r[k, k]))
            {
                Negate(r.Slice(k, k, 1, r.Columns - k));
                Negate(q.Slice(0, k, q.Rows, 1).Transpose);
            }
        }
    }

    private static void Negate<T>(in MatrixBlock<T> row)
        where T : unmanaged, INumberBase<T>
    {
        if (row.ColumnStride == 1)
        {
            Span<T> values = new(row.Data, row.Columns);
            TensorPrimitives.Negate(values, values);
            return;
        }

        for (int j = 0; j < row.Columns; j++)
        {
            row[0, j] = -row[0, j];
        }
    }

    /// <summary>Copies the lower triangle, and of the upper one what lies in the blocks on the diagonal.</summary>
    private static void CopyLower<T>(in MatrixBlock<T> source, in MatrixBlock<T> target)
        where T : unmanaged
    {
        for (int row = 0; row < source.Rows; row += StripRows)
        {
            int rows = Math.Min(StripRows, source.Rows - row);
            BlockCopy.Run(source.Slice(row, 0, rows, row + rows), target.Slice(row, 0, rows, row + rows));
        }
    }

    /// <summary>
    /// Copies a matrix. With <paramref name="check"/> each strip is looked at first, which brings it into the cache: false when an entry is NaN or infinite.
    /// </summary>
    private static bool CopyAll<T>(in MatrixBlock<T> source, in MatrixBlock<T> target, bool check)
        where T : unmanaged, INumberBase<T>
    {
        if (source.RowStride == 1 && source.ColumnStride != 1)
        {
            return CopyAll(source.Transpose, target.Transpose, check);
        }

        for (int row = 0; row < source.Rows; row += StripRows)
        {
            int rows = Math.Min(StripRows, source.Rows - row);
            MatrixBlock<T> strip = source.Slice(row, 0, rows, source.Columns);
            if (check && !FiniteCheck.All(strip.AsReadOnlyView(), out _, out _))
            {
                return false;
            }

            BlockCopy.Run(strip, target.Slice(row, 0, rows, source.Columns));
        }

        return true;
    }

    /// <summary>Zeros above the diagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearAbove<T>(in MatrixBlock<T> a)
        where T : unmanaged
    {
        // Along the shorter stride: the rows right of the diagonal, or the columns above it.
        if (a.ColumnStride == 1)
        {
            for (int i = 0; i < a.Rows && i + 1 < a.Columns; i++)
            {
                new Span<T>(a.Data + (i * a.RowStride) + i + 1, a.Columns - i - 1).Clear();
            }

            return;
        }

        for (int j = 1; j < a.Columns; j++)
        {
            T* column = a.Data + (j * a.ColumnStride);
            for (int i = 0; i < Math.Min(j, a.Rows); i++)
            {
                column[i * a.RowStride] = default;
            }
        }
    }
}
