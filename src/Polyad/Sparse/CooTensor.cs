using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>A sparse tensor as a list of coordinates and values. It does not change after it is built.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CooTensor<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly nint[] _lengths;
    private readonly int[] _coordinates;
    private readonly T[] _values;

    /// <summary>Copies and checks the lists. Entries may share a place: the tensor is their sum.</summary>
    /// <param name="lengths">The length of each mode; at least one mode.</param>
    /// <param name="coordinates">Entry by entry, one number per mode.</param>
    /// <param name="values">The entries.</param>
    /// <exception cref="ArgumentException">There is no mode, a length is negative, the lists do not match, or a coordinate is out of range.</exception>
    public CooTensor(ReadOnlySpan<nint> lengths, ReadOnlySpan<int> coordinates, ReadOnlySpan<T> values)
    {
        Arguments.Supported<T>();
        if (lengths.IsEmpty || coordinates.Length != (long)lengths.Length * values.Length)
        {
            throw new ArgumentException($"{values.Length} entries of a tensor of shape {LinearAlgebra.ShapeOf(lengths)} need {(long)lengths.Length * values.Length} coordinates; there are {coordinates.Length}.", nameof(coordinates));
        }

        foreach (nint length in lengths)
        {
            if (length is < 0 or > int.MaxValue)
            {
                throw new ArgumentException($"The shape {LinearAlgebra.ShapeOf(lengths)} has a length that is negative or too large.", nameof(lengths));
            }
        }

        for (int i = 0; i < coordinates.Length; i++)
        {
            if (coordinates[i] < 0 || coordinates[i] >= lengths[i % lengths.Length])
            {
                throw new ArgumentException($"Entry {i / lengths.Length} has coordinate {coordinates[i]} in mode {i % lengths.Length} of shape {LinearAlgebra.ShapeOf(lengths)}.", nameof(coordinates));
            }
        }

        (_lengths, _coordinates, _values) = (lengths.ToArray(), coordinates.ToArray(), values.ToArray());
    }

    /// <summary>Number of modes.</summary>
    public int Rank => _lengths.Length;

    /// <summary>The length of each mode.</summary>
    public ReadOnlySpan<nint> Lengths => _lengths;

    /// <summary>Number of stored entries.</summary>
    public int NonZeros => _values.Length;

    /// <summary>The coordinates, entry by entry.</summary>
    public ReadOnlySpan<int> Coordinates => _coordinates;

    /// <summary>The entries.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>The same tensor with entries in row-major order and those of one place added, in the order given.</summary>
    public CooTensor<T> Coalesce()
    {
        int rank = Rank;
        int[] order = [.. Enumerable.Range(0, NonZeros)];
        Array.Sort(order, (a, b) =>
        {
            int compared = At(a).SequenceCompareTo(At(b));
            return compared != 0 ? compared : a.CompareTo(b);
        });

        List<int> coordinates = new(_coordinates.Length);
        List<T> values = new(NonZeros);
        for (int t = 0; t < order.Length; t++)
        {
            if (t > 0 && At(order[t]).SequenceEqual(At(order[t - 1])))
            {
                values[^1] += _values[order[t]];
                continue;
            }

            coordinates.AddRange(At(order[t]));
            values.Add(_values[order[t]]);
        }

        return new(_lengths, [.. coordinates], [.. values]);

        ReadOnlySpan<int> At(int entry) => _coordinates.AsSpan(entry * rank, rank);
    }

    /// <summary>The same tensor with every element stored.</summary>
    /// <exception cref="OverflowException">It has more than 2^31 - 1 elements.</exception>
    public Tensor<T> ToDense()
    {
        Tensor<T> dense = FreshMemory.Zeros<T>(_lengths);
        Span<T> elements = LinearAlgebra.Elements(dense);
        for (int t = 0; t < NonZeros; t++)
        {
            nint at = 0;
            for (int k = 0; k < Rank; k++)
            {
                at = (at * _lengths[k]) + _coordinates[(t * Rank) + k];
            }

            elements[(int)at] += _values[t];
        }

        return dense;
    }

    /// <summary>The Frobenius norm; entries of one place are added first.</summary>
    public T Norm()
    {
        CooTensor<T> unique = Coalesce();
        return unique.NonZeros == 0 ? T.Zero : LinearAlgebra.Norm(new ReadOnlyMatrixView<T>(unique._values, 1, unique.NonZeros));
    }

    /// <summary>
    /// The matricized tensor times Khatri-Rao product of the factors but the one of <paramref name="mode"/>. R (rank) flops per entry.
    /// </summary>
    /// <param name="factors">One I_k x R matrix per mode; the one at <paramref name="mode"/> is not read.</param>
    /// <param name="mode">0-based.</param>
    /// <returns>I_mode x R.</returns>
    /// <exception cref="ArgumentException">The factors do not fit the tensor.</exception>
    public Tensor<T> Mttkrp(ReadOnlySpan<Tensor<T>> factors, int mode)
    {
        Arguments.Mode(mode, Rank);
        if (factors.Length != Rank || Rank < 2)
        {
            throw new ArgumentException($"A tensor of shape {LinearAlgebra.ShapeOf(_lengths)} needs {Rank} factors (at least 2); {factors.Length} are given.", nameof(factors));
        }

        int columns = (int)factors[mode == 0 ? 1 : 0].AsReadOnlyMatrix().Columns;
        T[][] dense = new T[Rank][];
        for (int k = 0; k < Rank; k++)
        {
            if (k == mode)
            {
                continue;
            }

            ReadOnlyMatrixView<T> factor = factors[k].AsReadOnlyMatrix();
            if (factor.Rows != _lengths[k] || factor.Columns != columns)
            {
                throw new ArgumentException($"Factor {k} is {factor.Rows} x {factor.Columns}; it must be {_lengths[k]} x {columns}.", nameof(factors));
            }

            dense[k] = LinearAlgebra.Elements(factor.ToTensor()).ToArray();
        }

        Tensor<T> result = FreshMemory.Zeros<T>([_lengths[mode], columns]);
        T[] row = new T[columns];
        for (int t = 0; t < NonZeros; t++)
        {
            row.AsSpan().Fill(_values[t]);
            for (int k = 0; k < Rank; k++)
            {
                if (k != mode)
                {
                    TensorPrimitives.Multiply<T>(row, dense[k].AsSpan(_coordinates[(t * Rank) + k] * columns, columns), row);
                }
            }

            Span<T> target = LinearAlgebra.Elements(result).Slice(_coordinates[(t * Rank) + mode] * columns, columns);
            TensorPrimitives.Add<T>(target, row, target);
        }

        return result;
    }
}
