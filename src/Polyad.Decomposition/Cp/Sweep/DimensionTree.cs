using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>What a sweep does with the product of one mode: it may overwrite the factor of that mode, and of no other.</summary>
/// <param name="mode">n.</param>
/// <param name="product">I_n x R: X_(n) times the (conjugate) Khatri-Rao product of the other factors as they are now. Its content may be overwritten.</param>
internal delegate void ModeUpdate<T>(int mode, Tensor<T> product)
    where T : unmanaged, INumberBase<T>;

/// <summary>
/// The matricized-tensor-times-Khatri-Rao products (MTTKRP) of all modes in two readings of the tensor, whatever its order: the modes are split in two groups, the tensor is contracted with
/// all factors of one group, and the products of the other follow from that (a dimension tree: Phan, Tichavsky, Cichocki 2013; Kaya, Robert 2019). Buffers are made once.
/// </summary>
internal sealed class DimensionTree<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _tensor;
    private readonly nint[] _lengths;
    private readonly ILinearAlgebraBackend _backend;
    private int _rank;
    private readonly int _split;
    private readonly int _leftCount;
    private readonly int _rightCount;
    private readonly Tensor<T>[] _products;
    private readonly PooledMemory<T> _partial;
    private readonly PooledMemory<T> _first;
    private readonly PooledMemory<T> _second;
    private PooledMemory<T> _held;
    private PooledMemory<T> _spare;
    private int _count;
    private int _entered = -1;

    /// <param name="tensor">X, dense row-major, of order 2 or more; read at every sweep, so that a caller who imputes may change it in between.</param>
    /// <param name="rank">R, the columns of every factor.</param>
    /// <param name="backend">The engine.</param>
    public DimensionTree(Tensor<T> tensor, int rank, ILinearAlgebraBackend backend)
    {
        _tensor = tensor;
        _lengths = tensor.Lengths.ToArray();
        _backend = backend;
        _rank = rank;
        _split = KhatriRaoProduct.Split(_lengths);
        _leftCount = DenseData.Product(_lengths.AsSpan(0, _split));
        _rightCount = DenseData.Product(_lengths.AsSpan(_split));
        _products = [.. _lengths.Select(n => FreshMemory.Zeros<T>([n, rank]))];
        _partial = Buffer(Math.Max(_leftCount, _rightCount));

        (int leftFirst, int leftSecond) = Scratch(_lengths.AsSpan(0, _split), _leftCount);
        (int rightFirst, int rightSecond) = Scratch(_lengths.AsSpan(_split), _rightCount);
        _first = Buffer(Math.Max(leftFirst, rightFirst));
        _second = Buffer(Math.Max(leftSecond, rightSecond));
        (_held, _spare) = (_partial, _first);
    }

    /// <summary>The columns of every factor. It may be set to fewer than the tree was made for, between sweeps: buffers stay.</summary>
    public int Rank
    {
        get => _rank;
        set
        {
            _rank = value;
            for (int n = 0; n < _products.Length; n++)
            {
                _products[n] = FreshMemory.Zeros<T>([_lengths[n], value]);
            }
        }
    }

    /// <summary>X as the matrix of its two groups.</summary>
    private ReadOnlyMatrixView<T> Whole => new(DenseData.Elements(_tensor), _leftCount, _rightCount);

    private int Threads => Math.Min(_backend.Parallelism.MaxThreads, Parallelism.Current.MaxThreads);

    /// <summary>
    /// Hands the product of every mode, in order, to <paramref name="update"/>, each with the newest of the other factors. 4 R prod(I) flops. With an update that changes
    /// nothing these are the products of one point: what a gradient needs.
    /// </summary>
    /// <param name="factors">One dense I_n x R matrix for each mode.</param>
    /// <param name="update">Told of each mode in turn.</param>
    /// <param name="skip">Modes to leave out (default none); the tensor is not read for a group of which all are left out.</param>
    public void Sweep(Tensor<T>[] factors, ModeUpdate<T> update, ReadOnlySpan<bool> skip = default)
    {
        int order = _lengths.Length;
        for (int n = 0; n < order; n++)
        {
            int end = n < _split ? _split : order;
            if (!skip.IsEmpty && !skip[n..end].Contains(false))
            {
                n = end - 1;
                continue;
            }

            Enter(factors, n);
            if (skip.IsEmpty || !skip[n])
            {
                Product(factors, n, end);
                update(n, _products[n]);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// The same a mode at a time, for a caller that walks several trees together: the product of <paramref name="mode"/>, which lives until the mode is asked for again. Modes are asked for
    /// in ascending order, each once the factors before it are final; modes that are not asked for are passed over. A mode not above the last one begins anew.
    /// </summary>
    public Tensor<T> Next(Tensor<T>[] factors, int mode)
    {
        int start = mode < _split ? 0 : _split;
        for (int n = _entered >= start && _entered < mode ? _entered + 1 : start; n <= mode; n++)
        {
            Enter(factors, n);
        }

        Product(factors, mode, mode < _split ? _split : _lengths.Length);
        GC.KeepAlive(this);
        return _products[mode];
    }

    /// <summary>Gives the buffers back at once, when there are no more sweeps. Products already handed out stay.</summary>
    public void Dispose()
    {
        _partial.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>Rows that a group needs of either spare buffer: what is left of it without its first mode, without its last, and without its last two.</summary>
    private static (int First, int Second) Scratch(ReadOnlySpan<nint> group, int count)
        => group.Length == 1 ? (0, 0) : ((int)Math.Max(count / group[0], count / (group[^1] * group[^2])), (int)(count / group[^1]));

    private PooledMemory<T> Buffer(int rows) => new(checked((nint)rows * _rank));

    /// <summary>The partial product [I_0, .., I_(s-1), R]: all modes of the right group contracted.</summary>
    private void ContractRight(Tensor<T>[] factors)
    {
        if (typeof(T) == typeof(Complex))
        {
            Tensor<T> rows = KhatriRaoProduct.Of<T>(factors, _split, factors.Length, default);
            ComplexProducts.ContractRight(_backend, Parts(DenseData.Elements(_tensor)), _leftCount, _rightCount, Parts(DenseData.Elements(rows)), _rank, Parts(_partial.Span(_leftCount * _rank)));
            return;
        }

        if (_split == _lengths.Length - 1)
        {
            _backend.MatMul(T.One, Whole, factors[_split].AsReadOnlyMatrix(), T.Zero, new MatrixView<T>(_partial.Span(_leftCount * _rank), _leftCount, _rank));
            return;
        }

        Mttkrp([_leftCount, .. _lengths.AsSpan(_split)], [null!, .. factors.AsSpan(_split)], 0, _leftCount);
    }

    /// <summary>The partial product [I_s, .., I_(N-1), R]: all modes of the left group contracted.</summary>
    private void ContractLeft(Tensor<T>[] factors)
    {
        if (typeof(T) == typeof(Complex))
        {
            Tensor<T> rows = KhatriRaoProduct.Of<T>(factors, 0, _split, default);
            ComplexProducts.ContractLeft(_backend, Parts(DenseData.Elements(_tensor)), _leftCount, _rightCount, Parts(DenseData.Elements(rows)), _rank, Parts(_partial.Span(_rightCount * _rank)));
            return;
        }

        if (_split == 1)
        {
            _backend.MatMul(T.One, Whole.Transpose, factors[0].AsReadOnlyMatrix(), T.Zero, new MatrixView<T>(_partial.Span(_rightCount * _rank), _rightCount, _rank));
            return;
        }

        Mttkrp([.. _lengths.AsSpan(0, _split), _rightCount], [.. factors.AsSpan(0, _split), null!], _split, _rightCount);
    }

    private static Span<Complex> Parts(Span<T> elements) => MemoryMarshal.Cast<T, Complex>(elements);

    private void Mttkrp(ReadOnlySpan<nint> shape, ReadOnlySpan<Tensor<T>> factors, int mode, int count)
        => _backend.Mttkrp(new ReadOnlyTensorSpan<T>(DenseData.Elements(_tensor), shape), factors, mode, new MatrixView<T>(_partial.Span(count * _rank), count, _rank));

    /// <summary>Makes <see cref="_held"/> the product [I_n, .., I_(end-1), R] of the group of mode n: from the tensor for its first mode, else by contracting the mode before.</summary>
    private void Enter(Tensor<T>[] factors, int n)
    {
        if (n == 0)
        {
            ContractRight(factors);
            (_held, _spare, _count) = (_partial, _first, _leftCount);
        }
        else if (n == _split)
        {
            ContractLeft(factors);
            (_held, _spare, _count) = (_partial, _first, _rightCount);
        }
        else
        {
            int next = _count / (int)_lengths[n - 1];
            PartialContraction.First(_held.Span(_count * _rank), next, DenseData.Elements(factors[n - 1]), _rank, _spare.Span(next * _rank), Threads);
            (_held, _spare, _count) = (_spare, _held, next);
        }

        _entered = n;
    }

    /// <summary>Contracts all later modes of the group, from the last one: [.., I_k, R] -> [.., R].</summary>
    private void Product(Tensor<T>[] factors, int n, int end)
    {
        int items = _count;
        ReadOnlySpan<T> rest = _held.Span(items * _rank);
        (PooledMemory<T> a, PooledMemory<T> b) = (_second, _spare);
        for (int k = end - 1; k > n; k--)
        {
            items /= (int)_lengths[k];
            Span<T> target = k == n + 1 ? DenseData.Elements(_products[n]) : a.Span(items * _rank);
            PartialContraction.Last(rest, items, DenseData.Elements(factors[k]), _rank, target, Threads);
            rest = target;
            (a, b) = (b, a);
        }

        if (n == end - 1)
        {
            rest.CopyTo(DenseData.Elements(_products[n]));
        }
    }
}
