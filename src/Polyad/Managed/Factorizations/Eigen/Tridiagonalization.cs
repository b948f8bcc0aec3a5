using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// A = Q T Q^T with tridiagonal T by Householder reflectors Q = H_0 H_1 .. H_{n-2}, H_k = I - tau_k v_k v_k^T, in panels
/// (Dongarra, Hammarling, Sorensen 1989; LAPACK sytrd/latrd). Half of the 4/3 n^3 flops are matrix-vector products with the trailing matrix,
/// the other half one product per panel: A -= V W^T + W V^T.
/// Threads go through the columns of a panel in lockstep and exchange one vector per column: each multiplies by columns of the matrix that stay its own through the panel and that it has brought up to date,
/// and then makes w, the next column and its reflector for itself.
/// </summary>
internal sealed unsafe class Tridiagonalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelWidth = 16;

    /// <summary>Up to this order the rest is one panel: its rank-2k update would cost more in calls than it saves in reads.</summary>
    private const int LastPanel = TridiagonalScratch<T>.MostColumns;

    /// <summary>From this order on the columns of the matrix are cut into leaves with a sum each, whatever the threads, so that roundings do not depend on them.</summary>
    private const int SharedOrder = 256;

    /// <summary>Columns of the panel that one role multiplies are a multiple of the four that the kernel takes together: each product has one order of additions.</summary>
    private const int ProductColumns = 4;

    /// <summary>Elements of the longest vector.</summary>
    private const int Aligned = 16;

    private readonly T* _a;
    private readonly nint _ld;
    private readonly int _n;
    private readonly T* _d;
    private readonly T* _e;
    private readonly T* _tau;
    private readonly TridiagonalScratch<T> _scratch;
    private readonly PairedSums<T> _sums;

    private Tridiagonalization(T* a, nint ld, int n, T* d, T* e, T* tau, TridiagonalScratch<T> scratch)
    {
        _a = a;
        _ld = ld;
        _n = n;
        _d = d;
        _e = e;
        _tau = tau;
        _scratch = scratch;
        _sums = new PairedSums<T>(scratch.Sums, ld);
    }

    /// <summary>Reduces the lower triangle.</summary>
    /// <param name="a">
    /// n x n column-major, 64-byte aligned; strict upper triangle and rows from n to <paramref name="ld"/> zero. Holds afterwards v_k(k+2..n-1) in column k below the subdiagonal.
    /// </param>
    /// <param name="ld">Distance between columns, a multiple of 64 bytes.</param>
    /// <param name="n">The order.</param>
    /// <param name="d">n diagonal entries of T.</param>
    /// <param name="e">n - 1 off-diagonal entries of T.</param>
    /// <param name="tau">n - 1 scalars of the reflectors.</param>
    /// <param name="parallelism">Threads.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, nint ld, int n, T* d, T* e, T* tau, Parallelism parallelism)
    {
        int most = n < SharedOrder ? 1 : PairedSums.Roles(parallelism.MaxThreads);
        using Scratch<T> scratch = Workspace.Rent<T>(TridiagonalScratch<T>.Length(most, ld, n));
        scratch.Clear();
        Tridiagonalization<T> reduction = new(a, ld, n, d, e, tau, new TridiagonalScratch<T>(scratch.Pointer, most, ld, n));
        Lockstep alone = new(1);
        for (int start = 0; start < n;)
        {
            ColumnSpan span = new(start, n - start <= LastPanel ? n - start : PanelWidth, n);
            if (most > 1 && n - start >= SharedOrder)
            {
                reduction.Share(span, most);
            }
            else
            {
                reduction.Reduce(span, 0, alone);
            }

            start = span.End;
        }
    }

    private void Share(ColumnSpan span, int roles) => Lockstep.Run(roles, span.Width, (role, team) => Reduce(span, role, team));

    /// <summary>All columns of a panel, and the role's share of the update that follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reduce(ColumnSpan span, int role, Lockstep team)
    {
        TridiagonalPanel<T> panel = _scratch.Panel(role, span.Width);
        panel.ClearRows(span.Start - PanelWidth, span.End);
        LoadColumn(panel.V(0), span.Start);
        for (int i = 0; i < span.Width; i++)
        {
            ReduceColumn(span, panel, i, role, team);
        }

        for (int share = role; share < team.Roles; share = team.NextShare(role, share))
        {
            Update(span, panel, share, team.Roles);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LoadColumn(T* target, int column)
        => new ReadOnlySpan<T>(_a + column + (column * _ld), _n - column).CopyTo(new Span<T>(target + column, _n - column));

    /// <summary>
    /// One column, which is up to date and stands in the place of its v. With V and W the i pairs before it: w = tau (A v - [V W] [W V]^T v) and so on (latrd), and of the next column
    /// [V W] ([W V] at its row) is taken off in the same reading of the panel.
    /// </summary>
    private void ReduceColumn(in ColumnSpan span, in TridiagonalPanel<T> panel, int i, int role, Lockstep team)
    {
        int column = span.Start + i, next = column + 1, length = _n - next;
        T* v = panel.V(i);
        T* w = panel.W(i);
        T scale = Reflect(v, column, role == 0);
        if (length == 0)
        {
            return;
        }

        MatrixBlock<T> before = panel.Columns(i, next);
        T* products = _scratch.Factors(role, 0);
        T* ownFactors = _scratch.Factors(role, 1);
        T* nextFactors = _scratch.Factors(role, 2);
        bool more = i + 1 < span.Width, reflects = !T.IsZero(scale);
        Span<int> starts = stackalloc int[PairedSums.Leaves + 1];
        span.Starts(next, starts);
        Multiply(span, starts, before, v, next, reflects, role, team);
        if (reflects)
        {
            Gather(starts, next, 2 * i, w, products, role, team.Roles);
        }
        else
        {
            new Span<T>(w + next, length).Clear();
        }

        for (int k = 0; k < 2 * i; k++)
        {
            // The products with V belong to W and the other way round: the panel's mirror order.
            ownFactors[k] = reflects ? -products[(2 * i) - 1 - k] : T.Zero;
            nextFactors[k] = -before[0, (2 * i) - 1 - k];
        }

        T* nextColumn = panel.V(i + 1) + next;
        if (more)
        {
            LoadColumn(panel.V(i + 1), next);
            Gemv.AddPair(before, ownFactors, w + next, nextFactors, nextColumn);
        }
        else if (reflects)
        {
            Gemv.Run(T.One, before, ownFactors, T.One, w + next);
        }

        if (!reflects)
        {
            return;
        }

        VectorKernels.Scale(length, scale, w + next);
        T half = scale / (T.One + T.One);
        VectorKernels.Axpy(length, -half * VectorKernels.Dot(length, w + next, v + next), v + next, w + next);
        if (more)
        {
            VectorKernels.Axpy(length, -w[next], v + next, nextColumn);
            VectorKernels.Axpy(length, -v[next], w + next, nextColumn);
        }
    }

    /// <summary>Turns a column into its v, from the row below the diagonal on. Returns tau; one role writes the results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T Reflect(T* v, int column, bool writes)
    {
        int next = column + 1;
        T diagonal = v[column], scale = T.Zero, beta = T.Zero;
        v[column] = T.Zero;
        if (next < _n)
        {
            scale = Reflector(_n - next, v + next, out beta);
            v[next] = T.One;
        }

        if (writes)
        {
            _d[column] = diagonal;
            if (next < _n)
            {
                _e[column] = beta;
                _tau[column] = scale;
            }
        }

        return scale;
    }

    /// <summary>The role's share of A v and of the products of v with the panel, and the shares of absent ones. All meet, also where there is no reflector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(in ColumnSpan span, ReadOnlySpan<int> starts, in MatrixBlock<T> before, T* v, int first, bool reflects, int role, Lockstep team)
    {
        for (int share = role; share < team.Roles; share = team.NextShare(role, share))
        {
            if (reflects)
            {
                MultiplyLeaves(starts, v, first, share, span.Leaves / team.Roles);
                (int start, int end) = WorkTeam.Range(before.Columns, team.Roles, share, ProductColumns);
                if (start < end)
                {
                    Gemv.Run(T.One, before.Slice(0, start, before.Rows, end - start).Transpose, v + first, T.Zero, _scratch.SharedProducts(share, first) + start);
                }
            }

            team.Complete(share);
        }

        team.Meet(role);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyLeaves(ReadOnlySpan<int> starts, T* v, int first, int role, int count)
    {
        bool backwards = (first & 1) != 0;
        for (int k = 0; k < count; k++)
        {
            int leaf = backwards ? count - 1 - k : k, from = starts[(role * count) + leaf], end = starts[(role * count) + leaf + 1];
            T* sum = _sums.Leaf(role, leaf, first);
            int aligned = from & -Aligned;
            new Span<T>(sum + aligned, (int)_ld - aligned).Clear();
            SymmetricMatrixVector.Add(_a, _ld, from, end, _n, v, sum, backwards);
        }

        _sums.Add(role, count, first, starts, _n);
    }

    /// <summary>w = A v and the products with the panel, from the shares of all roles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(ReadOnlySpan<int> starts, int first, int count, T* w, T* products, int role, int roles)
    {
        _sums.Gather(role, roles, first, starts, _n, w);
        for (int other = 0; other < roles; other++)
        {
            (int start, int end) = WorkTeam.Range(count, roles, other, ProductColumns);
            new ReadOnlySpan<T>(_scratch.SharedProducts(other, first) + start, end - start).CopyTo(new Span<T>(products + start, end - start));
        }
    }

    /// <summary>The role's share of A -= V W^T + W V^T: the columns that it multiplies by in the next panel; and of storing V.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(in ColumnSpan span, in TridiagonalPanel<T> panel, int role, int roles)
    {
        (int first, int last) = WorkTeam.Range(span.Width, roles, role, 1);
        for (int i = first; i < last; i++)
        {
            int column = span.Start + i, row = Math.Min(column + 2, _n);
            new ReadOnlySpan<T>(panel.V(i) + row, _n - row).CopyTo(new Span<T>(_a + row + (column * _ld), _n - row));
        }

        ColumnSpan next = new(span.End, PanelWidth, _n);
        int from = next.Cut(role * next.Leaves / roles), end = next.Cut((role + 1) * next.Leaves / roles);
        if (from < end)
        {
            MatrixBlock<T> right = panel.Mirrored(span.Width, from).Transpose;
            MatrixBlock<T> columns = new(_a + from + (from * _ld), _n - from, end - from, 1, _ld);
            Gemm.Lower(-T.One, panel.Columns(span.Width, from), right.Slice(0, 0, right.Rows, end - from), T.One, columns, Parallelism.Sequential);
        }
    }

    /// <summary>Makes H x = beta e_1 for x = (alpha, tail); the tail becomes that of v (v_0 = 1). Returns tau, 0 where the tail is zero or negligible beside a matrix of unit norm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Reflector(int n, T* x, out T beta)
    {
        T alpha = x[0], tail = VectorKernels.Norm2(n - 1, x + 1);
        beta = alpha;
        if (T.IsZero(tail))
        {
            return T.Zero;
        }

        T length = FloatingPointLimits<T>.Length(alpha, tail);
        if (length <= FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.UnitRoundoff)
        {
            new Span<T>(x + 1, n - 1).Clear();
            return T.Zero;
        }

        beta = T.CopySign(length, -alpha);
        VectorKernels.Scale(n - 1, T.One / (alpha - beta), x + 1);
        return (beta - alpha) / beta;
    }

    /// <summary>The columns of a panel, and how the columns of the matrix are cut meanwhile.</summary>
    private readonly struct ColumnSpan(int start, int width, int n)
    {
        /// <summary>The columns are cut where vectors begin.</summary>
        private const int Granule = 16;

        /// <summary>What a column costs beside its elements, in elements.</summary>
        private const double Overhead = 64;

        public readonly int Start = start;
        public readonly int Width = width;

        public int End => Start + Width;

        public int Leaves => n - Start < SharedOrder ? 1 : PairedSums.Leaves;

        /// <summary>Where the leaves of the matrix that is left from row and column <paramref name="first"/> on begin; after them the end, n.</summary>
        public void Starts(int first, Span<int> starts)
        {
            for (int leaf = 0; leaf < starts.Length; leaf++)
            {
                starts[leaf] = Math.Max(first, Cut(Math.Min(leaf, Leaves)));
            }
        }

        /// <summary>Where a leaf begins; one past the last: n. All cost the same in the middle of the panel.</summary>
        public int Cut(int leaf)
        {
            if (leaf == 0 || leaf == Leaves)
            {
                return leaf == 0 ? Start : n;
            }

            // The columns from the cut on cost (length - x)^2 - Overhead^2, twice.
            int first = Start + (Width / 2);
            double length = n - first + Overhead, whole = (length * length) - (Overhead * Overhead);
            return first + ((int)(length - Math.Sqrt((length * length) - (whole * leaf / Leaves))) / Granule * Granule);
        }
    }
}
