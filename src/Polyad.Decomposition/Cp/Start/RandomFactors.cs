using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>Normal draws of real and complex elements.</summary>
internal static class RandomFactors
{
    /// <summary>I_n x R matrices, mode n from the stream n above that of <paramref name="draws"/>.</summary>
    public static Tensor<T>[] Draw<T>(ReadOnlySpan<nint> lengths, int rank, CounterRandom draws)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] factors = new Tensor<T>[lengths.Length];
        for (int n = 0; n < factors.Length; n++)
        {
            factors[n] = FreshMemory.Zeros<T>([lengths[n], rank]);
            Fill(draws.WithStream(draws.Stream + (ulong)n), DenseData.Elements(factors[n]));
        }

        return factors;
    }

    /// <summary>Standard normal; real and imaginary parts each when complex.</summary>
    public static void Fill<T>(CounterRandom draws, Span<T> target)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(Complex))
        {
            draws.Normal(MemoryMarshal.Cast<T, double>(target));
            return;
        }

        draws.Normal(target);
    }
}
