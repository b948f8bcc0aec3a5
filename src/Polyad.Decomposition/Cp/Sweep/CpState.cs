using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A CP model while it is being fitted: factors with unit columns, their weights, and the Gram matrix of every factor, kept up to date.</summary>
internal sealed class CpState<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend _backend;
    private readonly CounterRandom _draws;
    private readonly double[] _norms;
    private readonly T[] _scales;

    /// <param name="factors">One dense I_n x R matrix for each mode, any columns; taken over and normalised.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="draws">Directions for components that vanish; streams from 1000 above its own are used.</param>
    public CpState(Tensor<T>[] factors, ILinearAlgebraBackend backend, CounterRandom draws)
    {
        _backend = backend;
        _draws = draws;
        Factors = factors;
        Rank = (int)factors[0].Lengths[1];
        Weights = new double[Rank];
        _norms = new double[Rank];
        _scales = new T[Rank];
        Grams = [.. factors.Select(_ => Tensor.CreateFromShape<T>([Rank, Rank]))];
        Weights.AsSpan().Fill(1);
        for (int n = 0; n < factors.Length; n++)
        {
            double[] before = [.. Weights];
            Normalise(n);
            TensorPrimitives.Multiply(Weights, before, Weights);
        }
    }

    private CpState(Tensor<T>[] factors, double[] weights, Tensor<T>[] grams, ILinearAlgebraBackend backend, CounterRandom draws)
    {
        (_backend, _draws, Factors, Weights, Grams) = (backend, draws, factors, weights, grams);
        Rank = weights.Length;
        _norms = new double[Rank];
        _scales = new T[Rank];
    }

    /// <summary>A model whose factors keep their columns as they are, all weights 1: for methods that must not move size between modes. <see cref="Renew"/> takes the place of <see cref="Normalise"/>.</summary>
    public static CpState<T> Unscaled(Tensor<T>[] factors, ILinearAlgebraBackend backend)
    {
        int rank = (int)factors[0].Lengths[1];
        double[] weights = new double[rank];
        weights.AsSpan().Fill(1);
        CpState<T> state = new(factors, weights, [.. factors.Select(_ => Tensor.CreateFromShape<T>([rank, rank]))], backend, default);
        for (int n = 0; n < factors.Length; n++)
        {
            state.Renew(n);
        }

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

    /// <summary>The other way: gives the columns of factor <paramref name="mode"/> the weights, as a warm start needs them; <see cref="Normalise"/> takes them out again.</summary>
    public void Absorb(int mode)
    {
        for (int r = 0; r < Rank; r++)
        {
            _scales[r] = T.CreateTruncating(Weights[r]);
        }

        ScaleColumns(Factors[mode], _scales);
    }

    /// <summary>The matrix of the normal equations of a mode: the element-wise product of the other Gram matrices, plus <paramref name="ridge"/> on the diagonal.</summary>
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

    public static CpState<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend, CounterRandom draws)
    {
        Tensor<T>[] Each(string name) => [.. Enumerable.Range(0, order).Select(n => archive.Read<T>($"{prefix}{name}_{n}", 2))];
        return new CpState<T>(Each("factor"), archive.Numbers(prefix + "weights"), Each("gram"), backend, draws) { Redraws = (ulong)archive.Number(prefix + "redraws") };
    }

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
    public void Renew(int mode) => _backend.Gram(T.One, Factors[mode].AsReadOnlyMatrix().Transpose, T.Zero, Grams[mode].AsMatrix());

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
        _draws.WithStream(_draws.Stream + 1000 + Redraws++).Normal<T>(fresh);
        for (int i = 0; i < fresh.Length; i++)
        {
            elements[(i * Rank) + column] = fresh[i];
        }
    }
}
