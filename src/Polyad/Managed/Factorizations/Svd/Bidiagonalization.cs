using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// A = Q B P^T with B upper bidiagonal, for column-major A with at least as many rows as columns: panels of reflectors whose effect on the rest is kept as a low-rank
/// sum P Q^T until one matrix product applies it (LAPACK dgebrd, dlabrd; the fused pass of <see cref="FusedColumnPass{T}"/>).
/// Threads go through a panel in lockstep: each takes the fused pass over columns that stay its own, which it has brought up to date, and makes reflectors and P and Q for itself.
/// </summary>
internal sealed unsafe class Bidiagonalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelColumns = BidiagonalScratch<T>.MostColumns;

    /// <summary>Fewer columns, or elements, are not cut.</summary>
    private const int FewColumns = 64;
    private const int FewElements = 1 << 15;

    private readonly MatrixBlock<T> _a;
    private readonly MatrixBlock<T> _right;
    private readonly T* _d;
    private readonly T* _e;
    private readonly T* _tauLeft;
    private readonly T* _tauRight;
    private readonly BidiagonalScratch<T> _scratch;
    private readonly PairedSums<T> _sums;

    private Bidiagonalization(in MatrixBlock<T> a, T* d, T* e, T* tauLeft, T* tauRight, in MatrixBlock<T> right, BidiagonalScratch<T> scratch)
    {
        _a = a;
        _d = d;
        _e = e;
        _tauLeft = tauLeft;
        _tauRight = tauRight;
        _right = right;
        _scratch = scratch;
        _sums = new PairedSums<T>(scratch.Sums, scratch.RowStride);
    }

    /// <summary>
    /// Overwrites the lower trapezoid of <paramref name="a"/> with the left reflectors (column i from row i, 1 stored in front) and the columns of <paramref name="right"/>
    /// (n x n, column i from row i + 1; or of no size, when they are not wanted) with the right ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in MatrixBlock<T> a, T* d, T* e, T* tauLeft, T* tauRight, in MatrixBlock<T> right, Parallelism parallelism)
    {
        int m = a.Rows, n = a.Columns, most = IsCut(m, n) ? PairedSums.Roles(parallelism.MaxThreads) : 1;
        using Scratch<T> scratch = Workspace.Rent<T>(BidiagonalScratch<T>.Length(most, m, n));
        Bidiagonalization<T> reduction = new(a, d, e, tauLeft, tauRight, right, new BidiagonalScratch<T>(scratch.Pointer, most, m, n));
        Lockstep alone = new(1);
        for (int k = 0; k < n; k += PanelColumns)
        {
            if (most > 1 && IsCut(m - k, n - k))
            {
                reduction.Share(k, most);
            }
            else
            {
                reduction.Reduce(k, 0, alone);
            }
        }
    }

    private static bool IsCut(int rows, int columns) => columns >= FewColumns && (long)rows * columns >= FewElements;

    private void Share(int k, int roles) => Lockstep.Run(roles, Math.Min(PanelColumns, _a.Columns - k), (role, team) => Reduce(k, role, team));

    /// <summary>The panel that begins at column and row k, and the role's share of the update that follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reduce(int k, int role, Lockstep team)
    {
        MatrixBlock<T> rest = _a.Slice(k, k, _a.Rows - k, _a.Columns - k);
        int columns = Math.Min(PanelColumns, rest.Columns);
        MatrixBlock<T> p = _scratch.P(role, rest.Rows, columns), q = _scratch.Q(role, rest.Columns, columns);
        LoadColumn(rest, 0, p);
        for (int t = 0; t < columns; t++)
        {
            Step(k, t, rest, p, q, role, team);
        }

        for (int share = role; share < team.Roles; share = team.NextShare(role, share))
        {
            Store(k, p, q, share, team.Roles);
            Update(rest, columns, p, q, share, team.Roles);
        }
    }

    /// <summary>A column from its diagonal on, in the place of its u; for the one behind the panel there is room after P.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* LoadColumn(in MatrixBlock<T> a, int t, in MatrixBlock<T> p)
    {
        T* u = p.Data + (2 * t * p.ColumnStride);
        new Span<T>(u, t).Clear();
        new ReadOnlySpan<T>(a.Data + t + (t * a.ColumnStride), a.Rows - t).CopyTo(new Span<T>(u + t, a.Rows - t));
        return u;
    }

    /// <summary>
    /// One column, which is up to date, and one row. The matrix now stands for a - p q^T with p = [u_0 x_0 u_1 x_1 ..] and q = [y_0 v_0 y_1 v_1 ..], 2t columns of each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int k, int t, in MatrixBlock<T> a, in MatrixBlock<T> p, in MatrixBlock<T> q, int role, Lockstep team)
    {
        int m = a.Rows - t, n = a.Columns - t - 1;
        MatrixBlock<T> pRows = p.Slice(t, 0, m, 2 * t);
        T* u = p.Data + t + (2 * t * p.ColumnStride);
        T tau = BidiagonalReflector<T>.Create(m, u, out T diagonal, out _);
        if (role == 0)
        {
            _d[k + t] = diagonal;
            _tauLeft[k + t] = tau;
        }

        if (n <= 0)
        {
            _tauRight[k + t] = T.Zero;
            return;
        }

        // The row that the right reflector is made of, brought up to date: A^T u and the row both lack the kept sum's share, -q p^T u and -q p_t.
        T* row = q.Data + t + 1 + (((2 * t) + 1) * q.ColumnStride);
        T* x = p.Data + t + 1 + (((2 * t) + 1) * p.ColumnStride);
        T* small = _scratch.Factors(role, 0);
        T* rowFactors = _scratch.Factors(role, 1);
        Gemv.Run(-T.One, pRows.Transpose, u, T.Zero, small);
        NegatedRow(p, t, 2 * t, rowFactors);

        // Before all meet: after the last step others change the columns behind the panel.
        T* next = LoadColumn(a, t + 1, p) + t + 1;
        Pass(t, a, u, tau, q, small, rowFactors, role, team);
        Gather(t, a, p, q, role, team.Roles);

        // x holds A r. As v = (r - beta e_1) / (r_1 - beta), A v = (A r - beta a_1) / (r_1 - beta).
        T tauRow = BidiagonalReflector<T>.Create(n, row, out T beta, out T pivot);
        if (role == 0)
        {
            _e[k + t] = beta;
            _tauRight[k + t] = tauRow;
        }

        if (!T.IsZero(tauRow))
        {
            VectorKernels.Axpy(m - 1, -beta, next, x);
            VectorKernels.Scale(m - 1, tauRow / pivot, x);
            Gemv.Run(-tauRow, q.Slice(t + 1, 0, n, (2 * t) + 1).Transpose, row, T.Zero, small);
        }
        else
        {
            new Span<T>(x, m - 1).Clear();
            new Span<T>(small, (2 * t) + 1).Clear();
        }

        // In one reading of p: its share of x, and, in a panel that goes on, of the next column.
        MatrixBlock<T> pBelow = p.Slice(t + 1, 0, m - 1, (2 * t) + 1);
        if (2 * (t + 1) == p.Columns)
        {
            Gemv.Run(T.One, pBelow, small, T.One, x);
            return;
        }

        NegatedRow(q, t + 1, (2 * t) + 1, rowFactors);
        Gemv.AddPair(pBelow, small, x, rowFactors, next);
        VectorKernels.Axpy(m - 1, -row[0], x, next);
    }

    /// <summary>The role's share of the fused pass, and those of absent ones.</summary>
    private void Pass(int t, in MatrixBlock<T> a, T* u, T tau, in MatrixBlock<T> q, T* f, T* g, int role, Lockstep team)
    {
        Span<int> starts = stackalloc int[PairedSums.Leaves];
        starts.Fill(t + 1);
        int count = Leaves(a) / team.Roles;
        for (int share = role; share < team.Roles; share = team.NextShare(role, share))
        {
            for (int leaf = 0; leaf < count; leaf++)
            {
                int from = Math.Max(t + 1, Cut(a, (share * count) + leaf)), end = Math.Max(t + 1, Cut(a, (share * count) + leaf + 1));
                FusedColumnPass<T>.Run(
                    a.Slice(t, from, a.Rows - t, end - from), t, u, tau, q.Slice(from, 0, end - from, 2 * t), f, g, _scratch.Y(t) + from, _scratch.R(t) + from, _sums.Leaf(share, leaf, t) + t + 1);
            }

            _sums.Add(share, count, t, starts, a.Rows);
            team.Complete(share);
        }

        team.Meet(role);
    }

    /// <summary>y, r and x, from the shares of all roles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int t, in MatrixBlock<T> a, in MatrixBlock<T> p, in MatrixBlock<T> q, int role, int roles)
    {
        int first = t + 1, n = a.Columns - first;
        T* y = q.Data + (2 * t * q.ColumnStride);
        new ReadOnlySpan<T>(_scratch.Y(t) + first, n).CopyTo(new Span<T>(y + first, n));
        new ReadOnlySpan<T>(_scratch.R(t) + first, n).CopyTo(new Span<T>(y + q.ColumnStride + first, n));
        Span<int> starts = stackalloc int[PairedSums.Leaves];
        starts.Fill(first);
        _sums.Gather(role, roles, t, starts, a.Rows, p.Data + (((2 * t) + 1) * p.ColumnStride));
    }

    private static int Leaves(in MatrixBlock<T> a) => IsCut(a.Rows, a.Columns) ? PairedSums.Leaves : 1;

    /// <summary>Where a leaf begins among the columns of a panel and what follows: of equal size in the middle of the panel.</summary>
    private static int Cut(in MatrixBlock<T> a, int leaf)
    {
        const int Granule = 16, Middle = PanelColumns / 2;
        int leaves = Leaves(a);
        return leaf == 0 ? 0 : leaf == leaves ? a.Columns : Middle + ((int)((a.Columns - Middle) * (long)leaf / leaves) / Granule * Granule);
    }

    /// <summary>The role's share of storing the reflectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(int k, in MatrixBlock<T> p, in MatrixBlock<T> q, int role, int roles)
    {
        (int from, int end) = WorkTeam.Range(p.Columns / 2, roles, role, 1);
        for (int t = from; t < end; t++)
        {
            int column = k + t, length = q.Rows - t - 1;
            new ReadOnlySpan<T>(p.Data + t + (2 * t * p.ColumnStride), p.Rows - t).CopyTo(new Span<T>(_a.Data + column + (column * _a.ColumnStride), p.Rows - t));
            if (_right.Rows > 0 && length > 0)
            {
                T* reflector = q.Data + t + 1 + (((2 * t) + 1) * q.ColumnStride);
                new ReadOnlySpan<T>(reflector, length).CopyTo(new Span<T>(_right.Data + column + 1 + (column * _right.ColumnStride), length));
            }
        }
    }

    /// <summary>The role's share of A -= P Q^T: the columns that it takes in the next panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(in MatrixBlock<T> a, int columns, in MatrixBlock<T> p, in MatrixBlock<T> q, int role, int roles)
    {
        MatrixBlock<T> rest = a.Slice(columns, columns, a.Rows - columns, a.Columns - columns);
        int leaves = Leaves(rest), from = Cut(rest, role * leaves / roles), end = Cut(rest, (role + 1) * leaves / roles);
        if (from < end)
        {
            Gemm.Run(
                -T.One, p.Slice(columns, 0, rest.Rows, p.Columns), q.Slice(columns + from, 0, end - from, q.Columns).Transpose, T.One, rest.Slice(0, from, rest.Rows, end - from), Parallelism.Sequential);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NegatedRow(in MatrixBlock<T> a, int row, int count, T* target)
    {
        for (int j = 0; j < count; j++)
        {
            target[j] = -a[row, j];
        }
    }
}
