using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>A CP model while it is being fitted: factors with unit columns, their weights, and the Gram matrix of every factor, kept up to date.</summary>
internal sealed class CpState<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend _backend;
    private readonly CounterRandom _draws;
    private readonly bool _unscaled;
    private readonly double[] _norms;
    private readonly T[] _scales;

    /// <param name="factors">One dense I_n x R matrix for each mode, any columns; taken over and normalised.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="draws">Directions for components that vanish; streams from 1000 above its own are used.</param>
    public CpState(Tensor<T>[] factors, ILinearAlgebraBackend backend, CounterRandom draws)
        : this(factors, new double[factors[0].Lengths[1]], NewGrams(factors), backend, draws, unscaled: false)
        => NormaliseAll();

    private CpState(Tensor<T>[] factors, double[] weights, Tensor<T>[] grams, ILinearAlgebraBackend backend, CounterRandom draws, bool unscaled)
    {
        (_backend, _draws, _unscaled, Factors, Weights, Grams) = (backend, draws, unscaled, factors, weights, grams);
        Rank = weights.Length;
        _norms = new double[Rank];
        _scales = new T[Rank];
    }

    /// <summary>A model whose factors keep their columns as they are, all weights 1: for methods that must not move size between modes. <see cref="Normalise"/> is then <see cref="Renew"/>.</summary>
    public static CpState<T> Unscaled(Tensor<T>[] factors, ILinearAlgebraBackend backend)
    {
        CpState<T> state = new(factors, new double[factors[0].Lengths[1]], NewGrams(factors), backend, default, unscaled: true);
        state.NormaliseAll();
        return state;
    }

    public int Rank { get; }

    /// <summary>I_n x R with unit columns.</summary>
    public Tensor<T>[] Factors { get; }

    /// <summary>R weights, not negative.</summary>
    public double[] Weights { get; }

    /// <summary>U_n^H U_n, R x R.</summary>
    public Tensor<T>[] Grams { get; }

    /// <summary>Directions drawn so far for components that vanished.</summary>
    public ulong Redraws { get; set; }

    /// <summary>
    /// To be called when factor <paramref name="mode"/> has new columns that carry the weights: moves their norms into <see cref="Weights"/> and renews the Gram matrix.
    /// A component that vanished gets a new random direction, which changes nothing but lets it return.
    /// </summary>
    public void Normalise(int mode)
    {
        Tensor<T> factor = Factors[mode];
        Renew(mode);
        if (_unscaled)
        {
            return;
        }

        ReadNorms(mode);
        if (_norms.Contains(0))
        {
            for (int r = 0; r < Rank; r++)
            {
                if (_norms[r] == 0)
                {
                    Redraw(factor, r);
                }
            }

            Renew(mode);
            double[] weights = [.. _norms];
            ReadNorms(mode);
            weights.CopyTo(Weights, 0);
        }
        else
        {
            _norms.CopyTo(Weights, 0);
        }

        for (int r = 0; r < Rank; r++)
        {
            _scales[r] = T.CreateTruncating(1 / _norms[r]);
        }

        ScaleColumns(factor, _scales);
        Span<T> gram = DenseData.Elements(Grams[mode]);
        for (int r = 0; r < Rank; r++)
        {
            Span<T> line = gram.Slice(r * Rank, Rank);
            TensorPrimitives.Multiply(line, _scales[r], line);
            TensorPrimitives.Multiply(line, _scales, line);
        }
    }

    /// <summary>To be called when all factors have new columns, whose norms multiply.</summary>
    public void NormaliseAll()
    {
        double[] product = [.. Enumerable.Repeat(1.0, Rank)];
        for (int n = 0; n < Factors.Length; n++)
        {
            Weights.AsSpan().Fill(1);
            Normalise(n);
            TensorPrimitives.Multiply(product, Weights, product);
        }

        product.CopyTo(Weights, 0);
    }

    /// <summary>
    /// For an unscaled model: spreads the size of each component evenly over the modes that are not fixed. The tensor stays as it is, and no other spread has a smaller sum of squares.
    /// </summary>
    public void Balance(ReadOnlySpan<bool> fixedModes)
    {
        List<int> moving = Moving(fixedModes);
        double[][] norms = new double[Factors.Length][];
        double[] mean = [.. Enumerable.Repeat(1.0, Rank)];
        foreach (int n in moving)
        {
            ReadNorms(n);
            norms[n] = [.. _norms];
            for (int r = 0; r < Rank; r++)
            {
                mean[r] *= Math.Pow(norms[n][r], 1.0 / moving.Count);
            }
        }

        foreach (int n in moving)
        {
            for (int r = 0; r < Rank; r++)
            {
                _scales[r] = mean[r] > 0 ? T.CreateTruncating(mean[r] / norms[n][r]) : T.One;
            }

            ScaleColumns(Factors[n], _scales);
            Renew(n);
        }
    }

    /// <summary>||U_n||^2 summed over the modes that are not fixed.</summary>
    public double SizeSquared(ReadOnlySpan<bool> fixedModes)
    {
        double sum = 0;
        foreach (int n in Moving(fixedModes))
        {
            ReadNorms(n);
            sum += TensorPrimitives.SumOfSquares<double>(_norms);
        }

        return sum;
    }

    /// <summary>The other way: gives the columns of factor <paramref name="mode"/> the weights, as a warm start needs them; <see cref="Normalise"/> takes them out again.</summary>
    public void Absorb(int mode)
    {
        for (int r = 0; r < Rank; r++)
        {
            _scales[r] = T.CreateTruncating(Weights[r]);
        }

        ScaleColumns(Factors[mode], _scales);
    }

    /// <summary>The matrix of the normal equations of a mode: the (conjugate) element-wise product of the other Gram matrices, plus <paramref name="ridge"/> on the diagonal.</summary>
    /// <param name="mode">n.</param>
    /// <param name="ridge">l2 penalty.</param>
    /// <param name="destination">R x R.</param>
    public void NormalMatrix(int mode, double ridge, Tensor<T> destination)
    {
        Span<T> normal = DenseData.Elements(destination);
        normal.Fill(T.One);
        for (int k = 0; k < Factors.Length; k++)
        {
            if (k != mode)
            {
                TensorPrimitives.Multiply(normal, DenseData.Elements(Grams[k]), normal);
            }
        }

        for (int i = 0; i < normal.Length && typeof(T) == typeof(Complex); i++)
        {
            normal[i] = Scalar.Conjugate(normal[i]);
        }

        for (int r = 0; r < Rank && ridge > 0; r++)
        {
            normal[(r * Rank) + r] += T.CreateTruncating(ridge);
        }
    }

    /// <summary>Everything, bit for bit: the Gram matrices too, which a new calculation would round otherwise.</summary>
    public void AddTo(ModelArchive archive, string prefix)
    {
        archive.Add(prefix + "weights", Weights);
        archive.Add(prefix + "redraws", Redraws);
        for (int n = 0; n < Factors.Length; n++)
        {
            archive.Add($"{prefix}factor_{n}", Factors[n]);
            archive.Add($"{prefix}gram_{n}", Grams[n]);
        }
    }

    public static CpState<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend, CounterRandom draws, bool unscaled = false)
    {
        Tensor<T>[] Each(string name) => [.. Enumerable.Range(0, order).Select(n => archive.Read<T>($"{prefix}{name}_{n}", 2))];
        return new CpState<T>(Each("factor"), archive.Numbers(prefix + "weights"), Each("gram"), backend, draws, unscaled) { Redraws = (ulong)archive.Number(prefix + "redraws") };
    }

    /// <summary>The numbers of the modes that are not fixed, the weights spread evenly over them: the point as an optimiser sees it.</summary>
    public double[] Pack(ReadOnlySpan<bool> fixedModes)
    {
        List<int> moving = Moving(fixedModes);
        double[] point = new double[moving.Sum(n => (int)Factors[n].FlattenedLength) * (typeof(T) == typeof(Complex) ? 2 : 1)];
        double[] roots = [.. Weights.Select(w => Math.Pow(w, 1.0 / moving.Count))];
        int at = 0;
        foreach (int n in moving)
        {
            ReadOnlySpan<T> elements = DenseData.Elements(Factors[n]);
            for (int i = 0; i < elements.Length; i++)
            {
                double root = roots[i % Rank];
                if (typeof(T) == typeof(Complex))
                {
                    Complex z = (Complex)(object)elements[i];
                    (point[at], point[at + 1]) = (z.Real * root, z.Imaginary * root);
                    at += 2;
                }
                else
                {
                    point[at++] = double.CreateTruncating(elements[i]) * root;
                }
            }
        }

        return point;
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    public void Unpack(ReadOnlySpan<double> point, ReadOnlySpan<bool> fixedModes)
    {
        int at = 0;
        foreach (int n in Moving(fixedModes))
        {
            Span<T> elements = DenseData.Elements(Factors[n]);
            for (int i = 0; i < elements.Length; i++)
            {
                elements[i] = typeof(T) == typeof(Complex) ? (T)(object)new Complex(point[at++], point[at++]) : T.CreateTruncating(point[at++]);
            }
        }

        NormaliseAll();
    }

    /// <summary>Takes over another state of the same shape.</summary>
    public void CopyFrom(CpState<T> other)
    {
        for (int n = 0; n < Factors.Length; n++)
        {
            DenseData.Elements(other.Factors[n]).CopyTo(DenseData.Elements(Factors[n]));
            DenseData.Elements(other.Grams[n]).CopyTo(DenseData.Elements(Grams[n]));
        }

        other.Weights.CopyTo(Weights, 0);
        Redraws = other.Redraws;
    }

    /// <summary>A state of its own with the same content.</summary>
    public CpState<T> Copy() => new([.. Factors.Select(DenseData.Copy)], [.. Weights], [.. Grams.Select(DenseData.Copy)], _backend, _draws, _unscaled) { Redraws = Redraws };

    private List<int> Moving(ReadOnlySpan<bool> fixedModes)
    {
        List<int> moving = [];
        for (int n = 0; n < Factors.Length; n++)
        {
            if (fixedModes.IsEmpty || !fixedModes[n])
            {
                moving.Add(n);
            }
        }

        return moving;
    }

    private static Tensor<T>[] NewGrams(Tensor<T>[] factors) => [.. factors.Select(static f => FreshMemory.Zeros<T>([f.Lengths[1], f.Lengths[1]]))];

    private static void ScaleColumns(Tensor<T> factor, ReadOnlySpan<T> scales)
    {
        Span<T> elements = DenseData.Elements(factor);
        for (int row = 0; row < elements.Length; row += scales.Length)
        {
            Span<T> line = elements.Slice(row, scales.Length);
            TensorPrimitives.Multiply(line, scales, line);
        }
    }

    /// <summary>Brings the Gram matrix of a mode up to date with its factor.</summary>
    public void Renew(int mode)
    {
        if (typeof(T) == typeof(Complex))
        {
            ComplexProducts.Cross(_backend, Parts(Factors[mode]), Rank, Parts(Factors[mode]), Rank, Parts(Grams[mode]));
            return;
        }

        _backend.Gram(T.One, Factors[mode].AsReadOnlyMatrix().Transpose, T.Zero, Grams[mode].AsMatrix());
    }

    private static Span<Complex> Parts(Tensor<T> tensor) => MemoryMarshal.Cast<T, Complex>(DenseData.Elements(tensor));

    private void ReadNorms(int mode)
    {
        ReadOnlySpan<T> gram = DenseData.Elements(Grams[mode]);
        for (int r = 0; r < Rank; r++)
        {
            _norms[r] = Math.Sqrt(Scalar.Real(gram[(r * Rank) + r]));
        }
    }

    private void Redraw(Tensor<T> factor, int column)
    {
        Span<T> elements = DenseData.Elements(factor);
        T[] fresh = new T[elements.Length / Rank];
        RandomFactors.Fill<T>(_draws.WithStream(_draws.Stream + 1000 + Redraws++), fresh);
        for (int i = 0; i < fresh.Length; i++)
        {
            elements[(i * Rank) + column] = fresh[i];
        }
    }
}
