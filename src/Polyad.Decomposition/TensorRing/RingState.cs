using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A ring while it is iterated: its cores and what their pairs of slices sum up to.</summary>
internal sealed class RingState<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend _backend;
    private readonly Tensor<T>[] _cores;
    private readonly T[]?[] _transfers;

    public RingState(IReadOnlyList<Tensor<T>> cores, ILinearAlgebraBackend backend)
    {
        _backend = backend;
        _cores = [.. cores];
        _transfers = new T[]?[_cores.Length];
    }

    public IReadOnlyList<Tensor<T>> Cores => _cores;

    public int Order => _cores.Length;

    /// <summary>Columns of the least-squares problem of a mode: r_(k+1) r_k.</summary>
    public int Columns(int mode) => (int)(_cores[mode].Lengths[0] * _cores[mode].Lengths[2]);

    /// <summary>The core as n x (r_(k+1), r_k), the shape in which it is solved for.</summary>
    public Tensor<T> Solved(int mode)
        => DenseData.Reshaped(TensorAlgebra.Permute(_cores[mode], [1, 2, 0]), [_cores[mode].Lengths[1], Columns(mode)]);

    /// <summary>Takes a solution of that shape.</summary>
    public void Set(int mode, Tensor<T> solution)
    {
        nint left = _cores[mode].Lengths[0], length = _cores[mode].Lengths[1], right = _cores[mode].Lengths[2];
        _cores[mode] = TensorAlgebra.Permute(DenseData.Reshaped(solution, [length, right, left]), [2, 0, 1]);
        _transfers[mode] = null;
    }

    /// <summary>Brings a core to norm 1: the next one solved for makes up for it, and no core grows while another vanishes.</summary>
    public void Normalize(int mode)
    {
        Span<T> elements = DenseData.Elements(_cores[mode]);
        double norm = Scalar.Norm<T>(elements);
        if (norm > 0)
        {
            TensorPrimitives.Multiply(elements, T.CreateTruncating(1 / norm), elements);
            _transfers[mode] = null;
        }
    }

    /// <summary>The normal matrix of a mode: Gram matrix of the chain of all other cores, unfolded to columns (r_(k+1), r_k).</summary>
    public Tensor<T> NormalMatrix(int mode)
    {
        int order = Order, a = (int)_cores[mode].Lengths[0], b = (int)_cores[mode].Lengths[2];
        T[]? product = null;
        int rows = b * b;
        for (int step = 1; step < order; step++)
        {
            int k = (mode + step) % order, inner = (int)(_cores[k].Lengths[0] * _cores[k].Lengths[0]), columns = (int)(_cores[k].Lengths[2] * _cores[k].Lengths[2]);
            T[] transfer = _transfers[k] ??= Chain.Transfer(_backend, _cores[k], _cores[k]);
            product = product is null ? transfer : FieldAlgebra.Multiply<T>(_backend, product, rows, inner, transfer, columns);
        }

        // [b, b', a, a'] as [b, a, b', a'].
        Tensor<T> pairs = Tensor.Create(product ?? Identity(a), [b, b, a, a]);
        return DenseData.Reshaped(TensorAlgebra.Permute(pairs, [0, 2, 1, 3]), [a * b, a * b]);
    }

    public void AddTo(ModelArchive archive, string prefix)
    {
        for (int k = 0; k < Order; k++)
        {
            archive.Add($"{prefix}core_{k}", _cores[k]);
        }
    }

    public static RingState<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend)
        => new([.. Enumerable.Range(0, order).Select(k => archive.Read<T>($"{prefix}core_{k}", 3))], backend);

    /// <summary>Of a ring of one mode: nothing stands between its two ends.</summary>
    private static T[] Identity(int rank)
    {
        // The chain is delta[b, a]: its pairs are delta[b, a] delta[b', a'].
        T[] pairs = new T[rank * rank * rank * rank];
        for (int a = 0; a < rank; a++)
        {
            for (int c = 0; c < rank; c++)
            {
                pairs[(((((a * rank) + c) * rank) + a) * rank) + c] = T.One;
            }
        }

        return pairs;
    }
}
