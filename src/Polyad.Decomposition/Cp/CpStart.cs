using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The factors that a CP fit starts from.</summary>
internal static class CpStart
{
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

    /// <summary>New factors, which the fit may overwrite.</summary>
    public static Tensor<T>[] Factors<T>(
        DenseInput<T> input, int rank, CpInitialization kind, IReadOnlyList<Tensor<T>>? given, CounterRandom draws, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        if (given is not null)
        {
            return [.. given.Select(static f => DenseData.Copy(DenseInput<T>.Of(f, 2).Tensor))];
        }

        Tensor<T>[] factors = Draw<T>(input.Lengths, rank, draws);
        if (kind == CpInitialization.Random || input.Norm == 0)
        {
            return factors;
        }

        // The first factor is replaced before it is read.
        for (int n = 1; n < input.Order; n++)
        {
            Tensor<T> leading = LeadingSubspace.Of(backend, input.Tensor, n, SubspaceMethod.Gram).Vectors;
            int length = (int)input.Lengths[n], columns = Math.Min(rank, length);
            leading.AsReadOnlyMatrix().Slice(0, 0, length, columns).CopyTo(factors[n].AsMatrix().Slice(0, 0, length, columns));
        }

        return factors;
    }

    /// <summary>Standard normal factors, one stream for each mode.</summary>
    public static Tensor<T>[] Draw<T>(nint[] lengths, int rank, CounterRandom draws)
        where T : unmanaged, INumberBase<T>
        => [.. lengths.Select((length, n) => draws.WithStream(draws.Stream + (ulong)n).Normal<T>(length, rank))];
}
