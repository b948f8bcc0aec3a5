using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>What a Tucker decomposition is asked for, checked.</summary>
/// <param name="Lengths">Of the tensor.</param>
/// <param name="Modes">Those to compress, ascending.</param>
/// <param name="Ranks">By mode (0 where not compressed), or null to choose them.</param>
/// <param name="Fixed">By mode: whether the factor stays as given.</param>
internal sealed record TuckerPlan(nint[] Lengths, int[] Modes, int[]? Ranks, bool[] Fixed)
{
    public int Order => Lengths.Length;

    /// <exception cref="ArgumentException">Modes, ranks or factors do not fit the tensor.</exception>
    public static TuckerPlan Of<T>(Tensor<T> tensor, IReadOnlyList<int>? compressed, int[]? ranks, IReadOnlyList<int> fixedModes, IReadOnlyList<Tensor<T>>? given)
        where T : unmanaged, INumberBase<T>
    {
        nint[] lengths = tensor.Lengths.ToArray();
        int order = lengths.Length;
        int[] modes = compressed is null ? [.. Enumerable.Range(0, order)] : [.. compressed.Order()];
        if (modes.Length == 0 || modes.Distinct().Count() != modes.Length || modes[0] < 0 || modes[^1] >= order)
        {
            throw new ArgumentException($"Modes [{string.Join(", ", modes)}] of a tensor of shape {DenseData.Text(lengths)} cannot be compressed: at least one, each there and once.", nameof(compressed));
        }

        if (given is not null)
        {
            bool fits = given.Count == modes.Length;
            for (int k = 0; k < given.Count && fits; k++)
            {
                fits = given[k] is { Rank: 2 } factor && factor.Lengths[0] == lengths[modes[k]] && factor.Lengths[1] >= 1 && factor.Lengths[1] <= lengths[modes[k]];
            }

            ranks = fits ? [.. given.Select(static f => (int)f.Lengths[1])]
                : throw new ArgumentException(
                    $"A tensor of shape {DenseData.Text(lengths)} starts from one I_n x r_n matrix, r_n up to I_n, for each of the modes [{string.Join(", ", modes)}]; given: "
                    + $"{string.Join(", ", given.Select(static f => f is null ? "null" : DenseData.Text(f.Lengths)))}.",
                    nameof(given));
        }

        if (ranks is not null)
        {
            bool fits = ranks.Length == modes.Length;
            for (int k = 0; k < ranks.Length && fits; k++)
            {
                fits = ranks[k] >= 1 && ranks[k] <= lengths[modes[k]];
            }

            if (!fits)
            {
                throw new ArgumentException(
                    $"Ranks [{string.Join(", ", ranks)}] do not fit a tensor of shape {DenseData.Text(lengths)}: one for each of the modes [{string.Join(", ", modes)}], from 1 to its length.", nameof(ranks));
            }
        }

        if (fixedModes.Count > 0 && (given is null || fixedModes.Any(n => !modes.Contains(n))))
        {
            throw new ArgumentException(
                $"Fixed modes [{string.Join(", ", fixedModes)}] need given factors and must be among the compressed modes [{string.Join(", ", modes)}].", nameof(fixedModes));
        }

        int[]? byMode = null;
        if (ranks is not null)
        {
            byMode = new int[order];
            for (int k = 0; k < modes.Length; k++)
            {
                byMode[modes[k]] = ranks[k];
            }
        }

        return new TuckerPlan(lengths, modes, byMode, [.. Enumerable.Range(0, order).Select(fixedModes.Contains)]);
    }
}
