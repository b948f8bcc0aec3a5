using System.Numerics.Tensors;

namespace Polyad;

/// <summary>Arithmetic on shapes and strides: products, the [left, mode, right] view, dense layouts.</summary>
internal static class TensorLayout
{
    /// <summary>The number of elements.</summary>
    /// <exception cref="ArgumentException">The product leaves the address space.</exception>
    public static nint Count(ReadOnlySpan<nint> lengths)
    {
        foreach (nint length in lengths)
        {
            if (length == 0)
            {
                return 0;
            }
        }

        Int128 count = 1;
        foreach (nint length in lengths)
        {
            count *= length;
            if (count > nint.MaxValue)
            {
                throw new ArgumentException($"A tensor of shape {Text(lengths)} has more elements than can be addressed.");
            }
        }

        return (nint)count;
    }

    /// <summary>The product of all lengths but one, as a number of matrix columns.</summary>
    /// <exception cref="ArgumentException">It exceeds <see cref="int.MaxValue"/>.</exception>
    public static int OtherCount(ReadOnlySpan<nint> lengths, int mode)
    {
        nint count = checked(Count(lengths[..mode]) * Count(lengths[(mode + 1)..]));
        return count <= int.MaxValue ? (int)count
            : throw new ArgumentException($"The mode-{mode} unfolding of a tensor of shape {Text(lengths)} has {count} columns; a matrix holds at most {int.MaxValue}.");
    }

    /// <summary>A length that must serve as a matrix size.</summary>
    /// <exception cref="ArgumentException">It exceeds <see cref="int.MaxValue"/>.</exception>
    public static int Size(ReadOnlySpan<nint> lengths, int mode)
        => lengths[mode] <= int.MaxValue ? (int)lengths[mode]
            : throw new ArgumentException($"Mode {mode} of a tensor of shape {Text(lengths)} is longer than a matrix can be ({int.MaxValue}).");

    /// <summary>Whether the elements lie densely in row-major order.</summary>
    public static bool IsDense(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        nint expected = 1;
        for (int k = lengths.Length - 1; k >= 0; k--)
        {
            if (lengths[k] == 0)
            {
                return true;
            }

            // A mode of length 1 is never stepped along: its stride says nothing.
            if (lengths[k] > 1 && strides[k] != expected)
            {
                return false;
            }

            expected *= lengths[k];
        }

        return true;
    }

    /// <summary>The strides of a dense row-major tensor.</summary>
    public static nint[] DenseStrides(ReadOnlySpan<nint> lengths)
    {
        nint[] strides = new nint[lengths.Length];
        nint next = 1;
        for (int k = lengths.Length - 1; k >= 0; k--)
        {
            strides[k] = next;
            next *= lengths[k];
        }

        return strides;
    }

    /// <summary>"[3, 4, 2]".</summary>
    public static string Text(ReadOnlySpan<nint> lengths) => $"[{string.Join(", ", lengths.ToArray())}]";

    /// <summary>Refuses a destination in which two indices name one element (a broadcast).</summary>
    public static void RefuseBroadcast(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, string name)
    {
        nint[] byStride = strides.ToArray(), extents = lengths.ToArray();
        Array.Sort(byStride, extents);
        Int128 reach = 0;
        for (int k = 0; k < extents.Length; k++)
        {
            if (extents[k] == 0)
            {
                return;
            }
        }

        for (int k = 0; k < extents.Length; k++)
        {
            if (extents[k] <= 1)
            {
                continue;
            }

            if (byStride[k] <= reach)
            {
                throw new ArgumentException($"'{name}' of shape {Text(lengths)} would store several entries in one element (strides {Text(strides)}).", name);
            }

            reach += (Int128)(extents[k] - 1) * byStride[k];
        }
    }
}
