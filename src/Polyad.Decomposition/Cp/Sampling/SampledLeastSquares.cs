using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The least-squares problem of one mode on sampled rows: fibres of the tensor against rows of the Khatri-Rao product, weighted. Buffers are made once.</summary>
internal sealed unsafe class SampledLeastSquares<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Indices of the mode that are gathered by one thread at a time.</summary>
    private const int PartIndices = 32;

    private readonly Tensor<T> _tensor;
    private readonly ILinearAlgebraBackend _backend;
    private readonly nint[] _lengths;
    private readonly nint[] _strides;
    private readonly int _rank;
    private readonly PooledMemory<T> _rows;
    private readonly PooledMemory<T> _fibres;
    private readonly Tensor<T> _normal;

    /// <param name="tensor">X, dense.</param>
    /// <param name="rank">R.</param>
    /// <param name="samples">The most rows.</param>
    /// <param name="backend">The engine.</param>
    public SampledLeastSquares(Tensor<T> tensor, int rank, int samples, ILinearAlgebraBackend backend)
    {
        (_tensor, _backend, _rank) = (tensor, backend, rank);
        _lengths = tensor.Lengths.ToArray();
        _strides = new nint[_lengths.Length];
        nint next = 1;
        for (int k = _lengths.Length - 1; k >= 0; next *= _lengths[k], k--)
        {
            _strides[k] = next;
        }

        _rows = new PooledMemory<T>((nint)samples * rank);
        _fibres = new PooledMemory<T>(samples * _lengths.Max());
        _normal = FreshMemory.Zeros<T>([rank, rank]);
    }

    /// <summary>Overwrites the factor of a mode with the solution; the state is then to be normalised.</summary>
    public void Solve(CpState<T> state, int mode, SampledRows rows)
    {
        // sqrt(w) Z and sqrt(w) X_s: the normal matrix and the right side are their inner products. Samples are taken in the order of memory, index by index of the mode:
        // neighbours in time are then neighbours in space.
        int count = rows.Count, order = _lengths.Length;
        nint[] origins = new nint[count];
        for (int s = 0; s < count; s++)
        {
            for (int k = 0; k < order; k++)
            {
                origins[s] += rows.Indices[(s * order) + k] * _strides[k];
            }
        }

        int[] samples = [.. Enumerable.Range(0, count)];
        Array.Sort(origins, samples);
        T[] roots = new T[count];
        Span<T> z = _rows.Span(count * _rank);
        for (int s = 0; s < count; s++)
        {
            Span<T> line = z.Slice(s * _rank, _rank);
            roots[s] = T.CreateTruncating(Math.Sqrt(rows.Weights[samples[s]]));
            line.Fill(roots[s]);
            for (int k = 0; k < order; k++)
            {
                if (k != mode)
                {
                    TensorPrimitives.Multiply(line, DenseData.Elements(state.Factors[k]).Slice(rows.Indices[(samples[s] * order) + k] * _rank, _rank), line);
                }
            }
        }

        Gather(mode, origins, roots);

        // conj(Z): the normal matrix is Z^T conj(Z), the right side X_s^T conj(Z).
        FieldProducts.Cross(_backend, z, z, count, _rank, _rank, DenseData.Elements(_normal));
        for (int i = 0; i < count * _rank && typeof(T) == typeof(Complex); i++)
        {
            z[i] = Scalar.Conjugate(z[i]);
        }

        Span<T> normal = DenseData.Elements(_normal);
        for (int i = 0; i < normal.Length; i++)
        {
            normal[i] = Scalar.Conjugate(normal[i]);
        }

        int length = (int)_lengths[mode];
        FieldProducts.MatMul(_backend, _fibres.Span(length * count), z, length, count, _rank, DenseData.Elements(state.Factors[mode]));
        NormalEquations.Solve(_backend, _normal, state.Factors[mode]);
        GC.KeepAlive(this);
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _rows.Dispose();
        _fibres.Dispose();
    }

    /// <summary>I_n x samples: row i holds the weighted entries at index i of the mode.</summary>
    private void Gather(int mode, nint[] origins, T[] roots)
    {
        int length = (int)_lengths[mode], count = origins.Length, parts = (length + PartIndices - 1) / PartIndices;
        nint stride = _strides[mode];
        int threads = (long)length * count < 1 << 15 ? 1 : Math.Min(_backend.Parallelism.MaxThreads, Parallelism.Current.MaxThreads);
        fixed (T* x = DenseData.Elements(_tensor))
        {
            nint source = (nint)x, target = (nint)_fibres.Data;
            SlabLoop.Run(parts, threads, part =>
            {
                for (int i = part * PartIndices; i < Math.Min(length, (part + 1) * PartIndices); i++)
                {
                    T* from = (T*)source + (i * stride), to = (T*)target + ((nint)i * count);
                    for (int s = 0; s < count; s++)
                    {
                        to[s] = from[origins[s]] * roots[s];
                    }
                }
            });
        }
    }
}
