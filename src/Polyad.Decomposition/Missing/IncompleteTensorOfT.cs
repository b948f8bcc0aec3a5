using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// A tensor of which some entries are missing, or count less than others: what the fits of <see cref="CpAls"/>, <see cref="NonNegativeCp"/>, <see cref="ConstrainedCp"/> and
/// <see cref="Tucker"/> take in place of a plain one. Made by <see cref="IncompleteTensor"/>. It holds copies: twice the memory of the tensor.
/// </summary>
public sealed class IncompleteTensor<T>
    where T : unmanaged, INumberBase<T>
{
    internal IncompleteTensor(Tensor<T> tensor, T[] weights, bool allowEmptySlices)
    {
        Arguments.Supported<T>();
        string shape = DenseData.Text(tensor.Lengths);
        if (weights.Length == 0)
        {
            throw new ArgumentException($"A tensor of shape {shape} has no elements to decompose.", nameof(tensor));
        }

        T[] values = new T[weights.Length];
        tensor.FlattenTo(values);
        for (int i = 0; i < values.Length; i++)
        {
            if (weights[i] == T.Zero)
            {
                values[i] = T.Zero;
            }
            else
            {
                SeenCount++;
                IsBinary &= weights[i] == T.One;
                if (!T.IsFinite(values[i]))
                {
                    throw new NonFiniteInputException($"The tensor of shape {shape} holds {values[i]} at row-major position {i}, which is not missing.", nameof(tensor));
                }
            }
        }

        Values = Tensor.Create(values, tensor.Lengths);
        Weights = Tensor.Create(weights, tensor.Lengths);
        EmptySlices = FindEmptySlices();
        if (SeenCount == 0)
        {
            throw new ArgumentException($"All entries of the tensor of shape {shape} are missing.", nameof(tensor));
        }

        if (EmptySlices.Count > 0 && !allowEmptySlices)
        {
            throw new ArgumentException(
                $"Nothing was seen in {EmptySlices.Count} slices of the tensor of shape {shape}, first in that of mode {EmptySlices[0].Mode}, index {EmptySlices[0].Index}: its row of the factor is not determined. Leave such slices out, or allow them; then their rows become zero.",
                nameof(tensor));
        }
    }

    /// <summary>The shape.</summary>
    public ReadOnlySpan<nint> Lengths => Values.Lengths;

    /// <summary>Entries that are not missing.</summary>
    public int SeenCount { get; }

    /// <summary>The share of entries that are missing.</summary>
    public double MissingShare => 1 - (SeenCount / (double)Values.FlattenedLength);

    /// <summary>
    /// Slices (mode, index) of which nothing was seen. The row of the factor that belongs to one is not determined by the data. Such tensors are refused unless allowed when they are made; then
    /// these rows become zero (or the nearest that a constraint allows).
    /// </summary>
    public IReadOnlyList<(int Mode, int Index)> EmptySlices { get; }

    /// <summary>The tensor, 0 where nothing was seen.</summary>
    internal Tensor<T> Values { get; }

    /// <summary>From 0 to 1.</summary>
    internal Tensor<T> Weights { get; }

    /// <summary>Whether every entry counts in full.</summary>
    internal bool IsComplete => IsBinary && SeenCount == Values.FlattenedLength;

    /// <summary>Whether every weight is 0 or 1.</summary>
    internal bool IsBinary { get; } = true;

    /// <summary>
    /// The number of fibres along a mode of which nothing was seen, out of prod(I) / I_n. A CP or Tucker model is still determined when there are some, but what it says there rests on the
    /// model alone; an entry that is missing throughout (a detector that was off, scatter) shows as such a fibre.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public long EmptyFibres(int mode)
    {
        Arguments.Mode(mode, Values.Rank);
        int left = DenseData.Product(Lengths[..mode]), length = (int)Lengths[mode], right = DenseData.Product(Lengths[(mode + 1)..]);
        ReadOnlySpan<T> weights = DenseData.Elements(Weights);
        bool[] seen = new bool[right];
        long empty = 0;
        for (int l = 0; l < left; l++)
        {
            Array.Clear(seen);
            for (int i = 0; i < length; i++)
            {
                ReadOnlySpan<T> line = weights.Slice(((l * length) + i) * right, right);
                for (int j = 0; j < right; j++)
                {
                    seen[j] |= line[j] != T.Zero;
                }
            }

            empty += seen.LongCount(static s => !s);
        }

        return empty;
    }

    private List<(int Mode, int Index)> FindEmptySlices()
    {
        bool[][] seen = [.. Values.Lengths.ToArray().Select(static n => new bool[n])];
        int last = (int)Lengths[^1];
        ReadOnlySpan<T> weights = DenseData.Elements(Weights);
        int[] at = new int[seen.Length];
        for (int row = 0; row < weights.Length; row += last)
        {
            bool any = false;
            for (int j = 0; j < last; j++)
            {
                bool here = weights[row + j] != T.Zero;
                any |= here;
                seen[^1][j] |= here;
            }

            for (int n = 0; n < seen.Length - 1; n++)
            {
                seen[n][at[n]] |= any;
            }

            for (int n = seen.Length - 2; n >= 0 && ++at[n] == seen[n].Length; n--)
            {
                at[n] = 0;
            }
        }

        return [.. seen.SelectMany(static (flags, n) => Enumerable.Range(0, flags.Length).Where(i => !flags[i]).Select(i => (n, i)))];
    }
}
