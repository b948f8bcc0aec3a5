using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// New directions for components that vanished. Once one of its columns is zero, nothing that a component's other columns are asked for has a slope, and it stays zero for ever, although the data may have room for it. Since
/// it adds nothing, its other columns may be drawn anew without a change of the model; the zero column is put into the mode that is updated next, which gives the component whatever size lowers the error.
/// </summary>
/// <param name="updates">One for each mode.</param>
/// <param name="fixedModes">Modes that stay.</param>
/// <param name="draws">Streams from its own on are used.</param>
internal sealed class ComponentRevival<T>(FactorUpdate<T>[] updates, bool[] fixedModes, CounterRandom draws)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A component that so many directions could not bring back is not needed.</summary>
    private const int MostRounds = 10;

    private readonly int _next = Array.IndexOf(fixedModes, false);

    /// <summary>Rounds of draws so far.</summary>
    public int Rounds { get; set; }

    /// <summary>Where a penalty or a bound speaks of the size of columns, a component may have vanished on purpose.</summary>
    public static bool IsPossible(FactorUpdate<T>[] updates, bool[] fixedModes) => Enumerable.Range(0, updates.Length).All(n => fixedModes[n] || updates[n].IsScaleFree);

    /// <summary>Draws new directions for every component of <paramref name="held"/> that vanished.</summary>
    /// <param name="held">The model.</param>
    /// <param name="others">Sets of factors beside it, which get the same columns.</param>
    /// <returns>Whether there was one.</returns>
    public bool Run(Tensor<T>[] held, ReadOnlySpan<Tensor<T>[]> others)
    {
        int rank = (int)held[0].Lengths[1];
        int[] vanished = Rounds == MostRounds ? [] : [.. Enumerable.Range(0, rank).Where(r => HasZero(held, r, free: true) && !HasZero(held, r, free: false))];
        if (vanished.Length == 0)
        {
            return false;
        }

        for (int n = 0; n < held.Length; n++)
        {
            if (fixedModes[n])
            {
                continue;
            }

            Tensor<T> fresh = n == _next ? FreshMemory.Zeros<T>(held[n].Lengths) : Fresh(n, held[n], rank - vanished.Length);
            foreach (int r in vanished)
            {
                Copy(fresh, held[n], r);
                updates[n].Forget(r);
                foreach (Tensor<T>[] factors in others)
                {
                    Copy(fresh, factors[n], r);
                }
            }
        }

        Rounds++;
        return true;
    }

    /// <summary>Allowed columns about as long as those of the factor.</summary>
    private Tensor<T> Fresh(int mode, Tensor<T> factor, int living)
    {
        Tensor<T> fresh = FreshMemory.Zeros<T>(factor.Lengths);
        draws.WithStream(draws.Stream + (ulong)((Rounds * updates.Length) + mode)).Normal(DenseData.Elements(fresh));
        double size = double.CreateTruncating(TensorAlgebra.FrobeniusNorm(factor)), length = size > 0 ? size / Math.Sqrt(Math.Max(1, living)) : 1;
        TensorPrimitives.Multiply(DenseData.Elements(fresh), T.CreateTruncating(length / Math.Sqrt(factor.Lengths[0])), DenseData.Elements(fresh));
        if (!updates[mode].IsSymmetric)
        {
            NonNegativeStart.Positive(fresh);
        }

        updates[mode].Allow(fresh);
        return fresh;
    }

    private bool HasZero(Tensor<T>[] factors, int column, bool free)
    {
        for (int n = 0; n < factors.Length; n++)
        {
            if (fixedModes[n] != free && IsZero(factors[n], column))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsZero(Tensor<T> factor, int column)
    {
        ReadOnlySpan<T> x = DenseData.Elements(factor);
        for (int i = column; i < x.Length; i += (int)factor.Lengths[1])
        {
            if (!T.IsZero(x[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void Copy(Tensor<T> from, Tensor<T> to, int column)
    {
        ReadOnlySpan<T> source = DenseData.Elements(from);
        Span<T> target = DenseData.Elements(to);
        for (int i = column; i < source.Length; i += (int)from.Lengths[1])
        {
            target[i] = source[i];
        }
    }
}
