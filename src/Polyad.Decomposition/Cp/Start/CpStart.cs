using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The factors that a CP fit starts from.</summary>
internal static class CpStart
{
    /// <exception cref="ArgumentOutOfRangeException">The rank is below 1, or a factor or a Gram matrix would have more elements than an array.</exception>
    public static void CheckRank(ReadOnlySpan<nint> lengths, int rank)
    {
        if (rank < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A model of a tensor of shape {DenseData.Text(lengths)} needs a rank of at least 1.");
        }

        long longest = rank;
        foreach (nint length in lengths)
        {
            longest = Math.Max(longest, length);
        }

        if (rank > Array.MaxLength / longest)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A model of a tensor of shape {DenseData.Text(lengths)} cannot have this rank: a matrix of {longest} x {rank} has more than {Array.MaxLength} elements.");
        }
    }

    /// <summary>Given factors as the subject of a checkpoint tells them apart.</summary>
    public static string Print<T>(IReadOnlyList<Tensor<T>>? given)
        where T : unmanaged, INumberBase<T>
        => given is null ? "" : string.Create(CultureInfo.InvariantCulture, $" given {string.Join(' ', given.Select(static f => ColumnNorms.Of(DenseData.Dense(f)).Sum().ToString("R", CultureInfo.InvariantCulture)))}");

    /// <summary>The rank of factors given by the caller.</summary>
    /// <exception cref="ArgumentException">They do not fit the tensor.</exception>
    public static int RankOf<T>(Tensor<T> tensor, IReadOnlyList<Tensor<T>> factors)
        where T : unmanaged, INumberBase<T>
    {
        nint rank = factors.Count > 0 && factors[0] is { Rank: 2 } first ? first.Lengths[1] : 0;
        bool fits = factors.Count == tensor.Rank && rank > 0;
        for (int n = 0; n < factors.Count && fits; n++)
        {
            fits = factors[n] is { Rank: 2 } factor && factor.Lengths[0] == tensor.Lengths[n] && factor.Lengths[1] == rank;
        }

        return fits ? (int)rank : throw new ArgumentException(
            $"A tensor of shape {DenseData.Text(tensor.Lengths)} starts from one I_n x R matrix for each mode; given: {string.Join(", ", factors.Select(static f => f is null ? "null" : DenseData.Text(f.Lengths)))}.",
            nameof(factors));
    }

    /// <summary>Copies of factors given by the caller.</summary>
    /// <exception cref="NonFiniteInputException">One holds NaN or infinity.</exception>
    public static Tensor<T>[] Copies<T>(IReadOnlyList<Tensor<T>> given)
        where T : unmanaged, INumberBase<T>
    {
        for (int n = 0; n < given.Count; n++)
        {
            foreach (T value in given[n].ToArray())
            {
                if (!T.IsFinite(value))
                {
                    throw new NonFiniteInputException($"The given factor of mode {n} holds {value}.", nameof(given));
                }
            }
        }

        return [.. given.Select(static f => DenseData.Copy(f))];
    }

    /// <summary>New factors, which the fit may overwrite.</summary>
    /// <param name="input">X.</param>
    /// <param name="rank">R.</param>
    /// <param name="kind">How they are found.</param>
    /// <param name="draws">Of random columns.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="replaced">The mode that the fit updates first, before its factor is read: that one is drawn.</param>
    public static Tensor<T>[] Factors<T>(DenseInput<T> input, int rank, CpInitialization kind, CounterRandom draws, ILinearAlgebraBackend backend, int replaced = 0)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] factors = RandomFactors.Draw<T>(input.Lengths, rank, draws);
        if (kind == CpInitialization.Random || input.Norm == 0)
        {
            return factors;
        }

        if (kind == CpInitialization.RandomizedSvd)
        {
            Tensor<T>[] leading = SketchedSubspace.OfAllModes(input, rank, draws, backend);
            for (int n = 0; n < factors.Length; n++)
            {
                if (n != replaced)
                {
                    Overwrite(factors[n], leading[n]);
                }
            }

            return factors;
        }

        for (int n = 0; n < factors.Length; n++)
        {
            if (n == replaced)
            {
                continue;
            }

            Overwrite(factors[n], typeof(T) == typeof(Complex) ? HermitianGram.Leading(backend, input.Tensor, n, rank) : LeadingSubspace.Of(backend, input.Tensor, n, SubspaceMethod.Gram, rank));
        }

        return factors;
    }

    /// <summary>As many leading columns as both have.</summary>
    private static void Overwrite<T>(Tensor<T> factor, Tensor<T> leading)
        where T : unmanaged
    {
        int rows = (int)factor.Lengths[0], columns = (int)Math.Min(factor.Lengths[1], leading.Lengths[1]);
        leading.AsReadOnlyMatrix().Slice(0, 0, rows, columns).CopyTo(factor.AsMatrix().Slice(0, 0, rows, columns));
    }
}
