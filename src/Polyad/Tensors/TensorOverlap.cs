namespace Polyad;

/// <summary>Decides whether a tensor and another operand share an element.</summary>
internal static unsafe class TensorOverlap
{
    /// <summary>Pairs of slices that are looked at one by one; beyond it interleaved layouts count as overlapping.</summary>
    private const long SlicePairLimit = 1 << 12;

    /// <summary>Refuses a destination that shares an element with an input.</summary>
    public static void Refuse<T>(
        T* a, ReadOnlySpan<nint> aLengths, ReadOnlySpan<nint> aStrides, string first, T* b, ReadOnlySpan<nint> bLengths, ReadOnlySpan<nint> bStrides, string second)
        where T : unmanaged
    {
        if (Exists(a, aLengths, aStrides, b, bLengths, bStrides))
        {
            throw new ArgumentException($"'{second}' of shape {TensorLayout.Text(bLengths)} shares elements with '{first}' of shape {TensorLayout.Text(aLengths)}.", second);
        }
    }

    private static bool Exists<T>(T* a, ReadOnlySpan<nint> aLengths, ReadOnlySpan<nint> aStrides, T* b, ReadOnlySpan<nint> bLengths, ReadOnlySpan<nint> bStrides)
        where T : unmanaged
    {
        if (TensorLayout.Count(aLengths) == 0 || TensorLayout.Count(bLengths) == 0)
        {
            return false;
        }

        (nint aLow, nint aHigh) = Reach(aLengths, aStrides);
        (nint bLow, nint bHigh) = Reach(bLengths, bStrides);
        if (a + aHigh < b + bLow || b + bHigh < a + aLow)
        {
            return false;
        }

        Slices<T> p = new(a, aLengths, aStrides), q = new(b, bLengths, bStrides);
        if (!p.FitsMatrix || !q.FitsMatrix || p.Count > SlicePairLimit || q.Count > SlicePairLimit || p.Count * q.Count > SlicePairLimit)
        {
            return true;
        }

        for (int i = 0; i < p.Count; i++)
        {
            for (int j = 0; j < q.Count; j++)
            {
                if (Overlap.Exists(p[i], q[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Distances from the first index to the lowest and the highest element.</summary>
    private static (nint Low, nint High) Reach(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        nint low = 0, high = 0;
        for (int k = 0; k < lengths.Length; k++)
        {
            nint reach = (lengths[k] - 1) * strides[k];
            low += Math.Min(reach, 0);
            high += Math.Max(reach, 0);
        }

        return (low, high);
    }

    /// <summary>A tensor as a list of matrices, adjacent modes fused.</summary>
    private readonly struct Slices<T>
        where T : unmanaged
    {
        private readonly T* _data;
        private readonly List<(nint Length, nint Stride)> _axes;

        public Slices(T* data, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
        {
            _data = data;
            _axes = [];
            for (int k = lengths.Length - 1; k >= 0; k--)
            {
                if (lengths[k] == 1)
                {
                    continue;
                }

                if (_axes.Count > 0 && strides[k] == _axes[^1].Length * _axes[^1].Stride)
                {
                    _axes[^1] = (_axes[^1].Length * lengths[k], _axes[^1].Stride);
                }
                else
                {
                    _axes.Add((lengths[k], strides[k]));
                }
            }

            while (_axes.Count < 2)
            {
                _axes.Add((1, 1));
            }
        }

        public bool FitsMatrix => _axes[0].Length <= int.MaxValue && _axes[1].Length <= int.MaxValue;

        public long Count
        {
            get
            {
                long count = 1;
                for (int k = 2; k < _axes.Count; k++)
                {
                    count = count > SlicePairLimit ? count : count * _axes[k].Length;
                }

                return count;
            }
        }

        public ReadOnlyMatrixView<T> this[int index]
        {
            get
            {
                T* origin = _data;
                nint rest = index;
                for (int k = 2; k < _axes.Count; k++)
                {
                    origin += rest % _axes[k].Length * _axes[k].Stride;
                    rest /= _axes[k].Length;
                }

                return ReadOnlyMatrixView<T>.FromPointer(origin, (int)_axes[1].Length, (int)_axes[0].Length, _axes[1].Stride, _axes[0].Stride);
            }
        }
    }
}
