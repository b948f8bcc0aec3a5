using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>A tensor whose modes carry labels; a label that repeats is a diagonal, walked by the sum of its strides.</summary>
internal sealed unsafe class EinsumTerm<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly List<int> _labels = [];
    private readonly List<int> _lengths = [];
    private readonly List<nint> _strides = [];

    public EinsumTerm(Tensor<T> tensor, ReadOnlySpan<int> labels)
    {
        Tensor = tensor;
        for (int i = 0; i < labels.Length; i++)
        {
            int at = _labels.IndexOf(labels[i]);
            if (at < 0)
            {
                _labels.Add(labels[i]);
                _lengths.Add(checked((int)tensor.Lengths[i]));
                _strides.Add(tensor.Strides[i]);
            }
            else if (_lengths[at] != tensor.Lengths[i])
            {
                throw new ArgumentException($"A repeated index has lengths {_lengths[at]} and {tensor.Lengths[i]} in a tensor of shape {LinearAlgebra.ShapeOf(tensor.Lengths)}.");
            }
            else
            {
                _strides[at] += tensor.Strides[i];
            }
        }
    }

    public Tensor<T> Tensor { get; }

    /// <summary>True for a result of a contraction, which nobody else holds.</summary>
    public bool IsProduct { get; init; }

    public IReadOnlyList<int> Labels => _labels;

    public bool Has(int label) => _labels.Contains(label);

    public int Length(int label) => _lengths[_labels.IndexOf(label)];

    public nint Stride(int label)
    {
        int at = _labels.IndexOf(label);
        return _lengths[at] == 1 ? 0 : _strides[at];
    }

    public long Size(IEnumerable<int> labels) => labels.Aggregate(1L, (size, label) => checked(size * Length(label)));

    /// <summary>The stride with which a group of modes is walked as one index, the last fastest; false when no one stride does.</summary>
    public bool TryMerge(int[] group, out nint stride)
    {
        stride = 0;
        long covered = 1;
        for (int i = group.Length - 1; i >= 0; i--)
        {
            int length = Length(group[i]);
            if (length == 1)
            {
                continue;
            }

            if (covered == 1)
            {
                stride = Stride(group[i]);
            }
            else if (Stride(group[i]) != stride * covered)
            {
                return false;
            }

            covered *= length;
        }

        return true;
    }

    /// <summary>A dense copy with the given modes in the given order, summed over the modes that are not given.</summary>
    public EinsumTerm<T> Gather(int[] order)
    {
        int[] summed = [.. _labels.Where(l => !order.Contains(l))];
        nint[] shape = order.Length == 0 ? [1] : [.. order.Select(l => (nint)Length(l))];
        Tensor<T> dense = FreshMemory.Zeros<T>(shape);
        int[] walk = [.. order, .. summed];
        nint count = (nint)Size(order), terms = (nint)Size(summed);
        if (count > 0 && terms > 0)
        {
            fixed (T* source = &LinearAlgebra.First(Tensor), target = &LinearAlgebra.First(dense))
            {
                Walk(source, target, [.. walk.Select(Length)], [.. walk.Select(Stride)], count, terms);
            }
        }

        return new EinsumTerm<T>(dense, order);
    }

    private static void Walk(T* source, T* target, int[] lengths, nint[] strides, nint count, nint terms)
    {
        int last = lengths.Length - 1, inner = last < 0 ? 1 : lengths[last];
        nint step = last < 0 ? 0 : strides[last], done = 0, all = count * terms;
        int[] index = new int[Math.Max(lengths.Length, 1)];
        for (nint linear = 0; linear < all; linear += inner)
        {
            if (terms == 1)
            {
                for (int j = 0; j < inner; j++)
                {
                    target[done++] = source[j * step];
                }
            }
            else
            {
                T sum = T.Zero;
                for (int j = 0; j < inner; j++)
                {
                    sum += source[j * step];
                }

                target[linear / terms] += sum;
            }

            for (int i = last - 1; i >= 0; i--)
            {
                source += strides[i];
                if (++index[i] < lengths[i])
                {
                    break;
                }

                source -= strides[i] * lengths[i];
                index[i] = 0;
            }
        }
    }
}
