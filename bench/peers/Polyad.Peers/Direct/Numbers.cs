using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyad.Peers.Direct;

/// <summary>The inputs of all players: uniform in [-1, 1), and a symmetric positive definite one. Row-major.</summary>
internal sealed unsafe class Numbers<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly List<Array> _kept = [];

    public Numbers(int n)
    {
        N = n;
        Random random = new(1);
        A = NewMatrix();
        B = NewMatrix();
        for (int i = 0; i < n * n; i++)
        {
            A[i] = T.CreateTruncating((2 * random.NextDouble()) - 1);
            B[i] = T.CreateTruncating((2 * random.NextDouble()) - 1);
        }

        Columns = NewMatrix();
        for (int i = 0; i < n * n; i++)
        {
            Columns[i] = A[(i % n * n) + (i / n)];
        }

        Definite = NewMatrix();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                Definite[(i * n) + j] = Definite[(j * n) + i] = i == j ? T.CreateTruncating(n) : A[(i * n) + j];
            }
        }
    }

    public int N { get; }

    public T[] A { get; }

    public T[] B { get; }

    /// <summary>A column by column: what a program holds that calls LAPACK. Factorizations then do the same arithmetic on both sides, row swaps included.</summary>
    public T[] Columns { get; }

    public T[] Definite { get; }

    public T[] NewMatrix() => New<T>(N * N);

    /// <summary>An array that does not move and lives as long as this, since pointers alone do not keep it.</summary>
    public TElement[] New<TElement>(int length)
        where TElement : unmanaged
    {
        TElement[] array = GC.AllocateArray<TElement>(length, pinned: true);
        _kept.Add(array);
        return array;
    }

    /// <summary>R of a column-major factorization, zeros below the diagonal: half of what the routine computed, and overwritten when Q is formed.</summary>
    public void CopyUpper(T[] factored, T[] r)
    {
        for (int j = 0; j < N; j++)
        {
            factored.AsSpan(j * N, j + 1).CopyTo(r.AsSpan(j * N));
            r.AsSpan((j * N) + j + 1, N - j - 1).Clear();
        }
    }

    /// <summary>Zeros above the diagonal of a column-major L, where the routine left what was there.</summary>
    public void ClearUpper(T[] factored)
    {
        for (int j = 1; j < N; j++)
        {
            factored.AsSpan(j * N, j).Clear();
        }
    }

    public static TElement* Pointer<TElement>(TElement[] pinned)
        where TElement : unmanaged
        => (TElement*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}

/// <summary>One operation called directly.</summary>
internal sealed record DirectCall(string Operation, Action Run);
