using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Random points of a function, with its values there.</summary>
internal sealed class CrossSamples<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[] _indices;
    private readonly T[] _values;
    private readonly int _order;

    public CrossSamples(FunctionSource<T> source, int count, CounterRandom random)
    {
        _order = source.Order;
        _indices = new int[count * _order];
        int[] drawn = new int[count];
        for (int k = 0; k < _order; k++)
        {
            random.WithStream(random.Stream - (ulong)k).Integers(drawn, (int)source.Lengths[k]);
            for (int i = 0; i < count; i++)
            {
                _indices[(i * _order) + k] = drawn[i];
            }
        }

        _values = new T[count];
        source.Evaluate(_indices, _values);
        Norm = Scalar.Norm<T>(_values);
        Largest = _values.Max(Scalar.Magnitude);
    }

    /// <summary>The 2-norm of the values.</summary>
    public double Norm { get; }

    /// <summary>The largest of them.</summary>
    public double Largest { get; }

    /// <summary>Root of the mean square.</summary>
    public double Typical => Norm / Math.Sqrt(_values.Length);

    public ReadOnlySpan<int> this[int sample] => _indices.AsSpan(sample * _order, _order);

    /// <summary>The samples of largest values.</summary>
    public int[] Largests(int count) => [.. Enumerable.Range(0, _values.Length).OrderByDescending(i => Scalar.Magnitude(_values[i])).Take(count)];

    /// <summary>The relative error at the samples, in the 2-norm, and where it is largest. A function that is zero at all of them is compared absolutely.</summary>
    public (double Error, int[] Worst) Compare(TtTensor<T> train, int count)
    {
        T[] differences = train.Elements(_indices);
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] -= _values[i];
        }

        double size = Scalar.Norm<T>(differences);
        return (Norm > 0 ? size / Norm : size, [.. Enumerable.Range(0, differences.Length).OrderByDescending(i => Scalar.Magnitude(differences[i])).Take(count)]);
    }
}
