using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad.Managed;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981; Gu, Eisenstat 1995; LAPACK stedc/laed0):
/// T is two tridiagonal matrices plus a rank-one term; their eigenpairs are found recursively and merged.
/// At most 4/3 n^3 + O(n^2) flops, nearly all in matrix products; far fewer when eigenvalues cluster, since clusters deflate.
/// </summary>
internal sealed unsafe class TridiagonalDivideAndConquer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Blocks up to this order go to the QL iteration.</summary>
    private const int LeafOrder = 32;

    private const int RealArrays = 3;
    private const int IndexArrays = 6;

    private readonly int _n;
    private readonly nint _stride;
    private readonly T* _d;
    private readonly T* _e;
    private readonly T* _q;
    private readonly T* _packed;
    private readonly T* _inner;
    private readonly T* _reals;
    private readonly int* _indices;

    private TridiagonalDivideAndConquer(int n, T* d, T* e, T* q, nint stride, T* packed, T* inner, T* reals, int* indices)
    {
        _n = n;
        _stride = stride;
        _d = d;
        _e = e;
        _q = q;
        _packed = packed;
        _inner = inner;
        _reals = reals;
        _indices = indices;
    }

    /// <summary>T = Q diag(d) Q^T; the eigenvalues are not in order: column i of Q belongs to d[i].</summary>
    /// <param name="n">The order.</param>
    /// <param name="d">n diagonal entries; holds the eigenvalues afterwards.</param>
    /// <param name="e">n - 1 off-diagonal entries; destroyed.</param>
    /// <param name="q">n x n column-major; overwritten.</param>
    /// <param name="stride">Distance between columns of Q.</param>
    /// <param name="scratch">n * n elements.</param>
    /// <param name="parallelism">Threads.</param>
    public static void Run(int n, T* d, T* e, T* q, nint stride, T* scratch, Parallelism parallelism)
    {
        using Scratch<T> inner = Workspace.Rent<T>(n <= LeafOrder ? 0 : (nint)n * n);
        using Scratch<T> reals = Workspace.Rent<T>((nint)RealArrays * n);
        using Scratch<int> indices = Workspace.Rent<int>((nint)IndexArrays * n);
        new TridiagonalDivideAndConquer<T>(n, d, e, q, stride, scratch, inner.Pointer, reals.Pointer, indices.Pointer).SolveBlocks(parallelism);
    }

    /// <summary>Cuts T where an off-diagonal entry is negligible, and brings each block to unit norm, at which the tolerances of the merges are meant.</summary>
    private void SolveBlocks(Parallelism parallelism)
    {
        for (int start = 0; start < _n;)
        {
            int end = start + 1;
            while (end < _n && T.Abs(_e[end - 1]) > FloatingPointLimits<T>.UnitRoundoff * T.Sqrt(T.Abs(_d[end - 1])) * T.Sqrt(T.Abs(_d[end])))
            {
                end++;
            }

            int order = end - start;
            T norm = T.Max(VectorKernels.MaxMagnitude(order, _d + start), VectorKernels.MaxMagnitude(order - 1, _e + start));
            int exponent = FloatingPointLimits<T>.ExponentToUnit(norm);
            VectorKernels.Scale(order, T.ScaleB(T.One, exponent), _d + start);
            VectorKernels.Scale(order - 1, T.ScaleB(T.One, exponent), _e + start);
            Solve(start, order, parallelism, fresh: true);
            VectorKernels.Scale(order, T.ScaleB(T.One, -exponent), _d + start);
            start = end;
        }
    }

    /// <summary>Solves one block. Its columns of Q are <paramref name="fresh"/> when nobody has cleared them yet.</summary>
    private void Solve(int start, int order, Parallelism parallelism, bool fresh)
    {
        if (order <= LeafOrder)
        {
            Clear(start, order, fresh);
            SolveLeaf(start, order);
            return;
        }

        // T = diag(T1, T2) + |rho| u u^T with u = (e_last, sign(rho) e_first), so |rho| leaves the two diagonal entries at the cut.
        int upper = order / 2, cut = start + upper;
        T rho = _e[cut - 1], weight = T.Abs(rho);
        _d[cut - 1] -= weight;
        _d[cut] -= weight;
        if (parallelism.ThreadsForFlops((double)order * order * order / 3) > 1)
        {
            Parallelism half = new(Math.Max(1, parallelism.MaxThreads / 2));
            WorkTeam.Run(2, 2, part => SolveHalf(part == 0 ? start : cut, part == 0 ? upper : order - upper, half, fresh));
        }
        else
        {
            Clear(start, order, fresh);
            Solve(start, upper, parallelism, fresh: false);
            Solve(cut, order - upper, parallelism, fresh: false);
        }

        Merge(start, order, upper, rho, parallelism);
    }

    /// <summary>
    /// The thread that solves a half first writes its share of the scratch from end to end: lines that another thread has changed then come in a stream,
    /// not one by one while short columns are worked on.
    /// </summary>
    private void SolveHalf(int start, int order, Parallelism parallelism, bool fresh)
    {
        nuint bytes = (nuint)order * (nuint)order * (nuint)sizeof(T);
        NativeMemory.Clear(_packed + ((nint)start * _n), bytes);
        NativeMemory.Clear(_inner + ((nint)start * _n), bytes);
        Solve(start, order, parallelism, fresh);
    }

    private void Clear(int start, int order, bool fresh)
    {
        for (int j = start; j < start + order && fresh; j++)
        {
            new Span<T>(_q + (j * _stride), _n).Clear();
        }
    }

    private void SolveLeaf(int start, int order)
    {
        T* q = _q + start + (start * _stride);
        int* ascending = _indices + start;
        for (int j = 0; j < order; j++)
        {
            q[j + (j * _stride)] = T.One;
        }

        TridiagonalQl.RunVectors(order, _d + start, _e + start, q, _stride);
        for (int j = 0; j < order; j++)
        {
            int i = j;
            for (; i > 0 && _d[start + ascending[i - 1]] > _d[start + j]; i--)
            {
                ascending[i] = ascending[i - 1];
            }

            ascending[i] = j;
        }
    }

    private void Merge(int start, int order, int upper, T rho, Parallelism parallelism)
    {
        T* q = _q + start + (start * _stride);
        T* z = _reals + start;

        // z = Q^T u, of squared length 2: made a unit vector, its length goes to rho.
        T unit = T.One / T.Sqrt(T.One + T.One);
        for (int j = 0; j < order; j++)
        {
            z[j] = j < upper ? q[upper - 1 + (j * _stride)] * unit : T.CopySign(unit, rho) * q[upper + (j * _stride)];
        }

        RankOneProblem<T> problem = new()
        {
            Order = order,
            UpperOrder = upper,
            D = _d + start,
            Q = q,
            Stride = _stride,
            Rho = T.Abs(rho) + T.Abs(rho),
            Z = z,
            Poles = z + _n,
            Weights = z + (2 * _n),
            Ascending = _indices + start,
            Sorted = _indices + _n + start,
            Kind = _indices + (2 * _n) + start,
            Kept = _indices + (3 * _n) + start,
            Deflated = _indices + (4 * _n) + start,
            Slot = _indices + (5 * _n) + start,
            Packed = _packed + ((nint)start * _n),
            Inner = _inner + ((nint)start * _n),
        };
        RankOneUpdate.Run(ref problem, parallelism);
    }
}
