using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// The state of one CP fit. A sweep reads the tensor twice whatever its order: the modes are split in two groups, the tensor is contracted with all factors of one
/// group, and the modes of the other are updated from that (a dimension tree: Phan, Tichavsky, Cichocki 2013; Kaya, Robert 2019). Buffers are made once.
/// </summary>
internal sealed class AlternatingLeastSquares<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly DenseInput<T> _input;
    private readonly ILinearAlgebraBackend _backend;
    private readonly double _ridge;
    private readonly CounterRandom _draws;
    private readonly int _rank;
    private readonly int _split;
    private readonly int _leftCount;
    private readonly int _rightCount;
    private readonly Tensor<T>[] _grams;
    private readonly Tensor<T>[] _products;
    private readonly Tensor<T> _normal;
    private readonly T[] _partial;
    private readonly T[] _first;
    private readonly T[] _second;
    private ulong _redraws;

    public AlternatingLeastSquares(DenseInput<T> input, Tensor<T>[] factors, ILinearAlgebraBackend backend, double ridge, CounterRandom draws)
    {
        _input = input;
        _backend = backend;
        _ridge = ridge;
        _draws = draws;
        _rank = (int)factors[0].Lengths[1];
        _split = KhatriRaoProduct.Split(input.Lengths);
        _leftCount = DenseData.Product(input.Lengths.AsSpan(0, _split));
        _rightCount = DenseData.Product(input.Lengths.AsSpan(_split));
        Factors = factors;
        Weights = new double[_rank];
        _grams = [.. factors.Select(_ => Tensor.CreateFromShape<T>([_rank, _rank]))];
        _products = [.. input.Lengths.Select(n => Tensor.CreateFromShape<T>([n, _rank]))];
        _normal = Tensor.CreateFromShape<T>([_rank, _rank]);
        int largest = checked(Math.Max(_leftCount, _rightCount) * _rank);
        _partial = GC.AllocateUninitializedArray<T>(largest);
        _first = GC.AllocateUninitializedArray<T>(largest);
        _second = GC.AllocateUninitializedArray<T>(largest);
        for (int n = 0; n < factors.Length; n++)
        {
            Normalise(n);
        }
    }

    /// <summary>I_n x R with unit columns.</summary>
    public Tensor<T>[] Factors { get; }

    public double[] Weights { get; }

    private int Threads => Math.Min(_backend.Parallelism.MaxThreads, Parallelism.Current.MaxThreads);

    /// <summary>Updates every factor once, in order, each with the newest of the others.</summary>
    public void Sweep()
    {
        int order = _input.Order;
        nint[] shape = [_leftCount, .. _input.Lengths.AsSpan(_split)];
        _backend.Mttkrp(_input.Reshaped(shape), [null!, .. Factors.AsSpan(_split)], 0, new MatrixView<T>(_partial, _leftCount, _rank));
        Group(0, _split, _leftCount);
        shape = [.. _input.Lengths.AsSpan(0, _split), _rightCount];
        _backend.Mttkrp(_input.Reshaped(shape), [.. Factors.AsSpan(0, _split), null!], _split, new MatrixView<T>(_partial, _rightCount, _rank));
        Group(_split, order, _rightCount);
    }

    /// <summary>||X - M|| / ||X|| from the last sweep's products: err^2 = 1 + (||M||^2 - 2 &lt;X, M&gt;) / ||X||^2, or from the differences where that is too coarse.</summary>
    public double RelativeError()
    {
        int last = _input.Order - 1;
        ReadOnlySpan<T> product = DenseData.Elements(_products[last]), factor = DenseData.Elements(Factors[last]);
        double[] shared = new double[_rank];
        for (int i = 0; i < product.Length; i++)
        {
            shared[i % _rank] += double.CreateChecked(product[i]) * double.CreateChecked(factor[i]) / _input.Norm;
        }

        double inner = 0, square = 0;
        for (int r = 0; r < _rank; r++)
        {
            double weight = Weights[r] / _input.Norm;
            inner += weight * shared[r];
            for (int s = 0; s < _rank; s++)
            {
                double term = weight * Weights[s] / _input.Norm;
                foreach (Tensor<T> gram in _grams)
                {
                    term *= double.CreateChecked(DenseData.Elements(gram)[(r * _rank) + s]);
                }

                square += term;
            }
        }

        double error = 1 + square - (2 * inner);
        return error > (typeof(T) == typeof(float) ? 1e-3 : 1e-10) ? Math.Sqrt(error) : ExactRelativeError();
    }

    public double ExactRelativeError()
    {
        T[] weights = [.. Weights.Select(static w => T.CreateTruncating(w))];
        Tensor<T> left = KhatriRaoProduct.Of<T>(Factors, 0, _split, weights), right = KhatriRaoProduct.Of<T>(Factors, _split, _input.Order, default);
        return StreamedResidual.Relative(_backend, _input.Elements, _input.Norm, left.AsReadOnlyMatrix(), right.AsReadOnlyMatrix().Transpose);
    }

    /// <summary>Updates modes from .. to - 1 from their common partial product, of shape [I_from, .., I_(to-1), R].</summary>
    private void Group(int from, int to, int count)
    {
        ReadOnlySpan<T> current = _partial.AsSpan(0, count * _rank);
        bool useFirst = true;
        for (int n = from; n < to; n++)
        {
            // All later modes of the group, from the last one: [.., I_k, R] -> [.., R].
            ReadOnlySpan<T> rest = current;
            Span<T> a = _second, b = useFirst ? _first : _partial;
            int items = count;
            for (int k = to - 1; k > n; k--)
            {
                items /= (int)_input.Lengths[k];
                Span<T> target = k == n + 1 ? DenseData.Elements(_products[n]) : a[..(items * _rank)];
                PartialContraction.Last(rest, items, DenseData.Elements(Factors[k]), _rank, target, Threads);
                rest = target;
                Span<T> swap = a;
                a = b;
                b = swap;
            }

            if (n == to - 1)
            {
                rest.CopyTo(DenseData.Elements(_products[n]));
            }

            Update(n);
            if (n < to - 1)
            {
                count /= (int)_input.Lengths[n];
                Span<T> next = (useFirst ? _first : _partial).AsSpan(0, count * _rank);
                PartialContraction.First(current, count, DenseData.Elements(Factors[n]), _rank, next, Threads);
                current = next;
                useFirst = !useFirst;
            }
        }
    }

    private void Update(int n)
    {
        Span<T> normal = DenseData.Elements(_normal);
        normal.Fill(T.One);
        for (int k = 0; k < Factors.Length; k++)
        {
            if (k != n)
            {
                TensorPrimitives.Multiply(normal, DenseData.Elements(_grams[k]), normal);
            }
        }

        for (int r = 0; r < _rank && _ridge > 0; r++)
        {
            normal[(r * _rank) + r] += T.CreateTruncating(_ridge);
        }

        DenseData.Elements(_products[n]).CopyTo(DenseData.Elements(Factors[n]));
        NormalEquations.Solve(_backend, _normal, Factors[n]);
        Normalise(n);
    }

    /// <summary>Moves the column norms into the weights and renews the Gram matrix. A component that vanished gets a new random direction, which changes nothing but lets it return.</summary>
    private void Normalise(int n)
    {
        Span<T> factor = DenseData.Elements(Factors[n]);
        int length = factor.Length / _rank;
        for (int r = 0; r < _rank; r++)
        {
            double norm = ColumnNorm(factor, r);
            Weights[r] = norm;
            if (norm == 0)
            {
                T[] fresh = new T[length];
                _draws.WithStream(_draws.Stream + 1000 + _redraws++).Normal<T>(fresh);
                for (int i = 0; i < length; i++)
                {
                    factor[(i * _rank) + r] = fresh[i];
                }

                norm = ColumnNorm(factor, r);
            }

            T divisor = T.CreateTruncating(norm);
            for (int i = r; i < factor.Length; i += _rank)
            {
                factor[i] /= divisor;
            }
        }

        _backend.Gram(T.One, Factors[n].AsReadOnlyMatrix().Transpose, T.Zero, _grams[n].AsMatrix());
    }

    private double ColumnNorm(ReadOnlySpan<T> factor, int column)
    {
        double largest = 0, sum = 0;
        for (int i = column; i < factor.Length; i += _rank)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateChecked(factor[i])));
        }

        for (int i = column; i < factor.Length && largest > 0; i += _rank)
        {
            double scaled = double.CreateChecked(factor[i]) / largest;
            sum += scaled * scaled;
        }

        return largest * Math.Sqrt(sum);
    }
}
