using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>
/// Solves a rank-one problem: deflation, the roots of the secular equation, eigenvectors by the formula of Gu and Eisenstat (SIAM J. Matrix Anal. Appl. 16, 1995):
/// z is replaced by the vector for which the computed roots are exact (Loewner's formula), which makes the eigenvectors orthogonal to working precision
/// however close the roots are; then two products turn the halves' vectors (LAPACK laed1/laed3).
/// </summary>
internal static unsafe class RankOneUpdate
{
    /// <summary>Columns of the inner problem that one part of parallel work takes.</summary>
    private const int Chunk = 32;

    /// <summary>Turns the eigenpairs of the two halves into those of the whole.</summary>
    public static void Run<T>(ref RankOneProblem<T> p, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RankOneDeflation.Run(ref p, parallelism);
        if (p.Count == 0)
        {
            new ReadOnlySpan<int>(p.Sorted, p.Order).CopyTo(new Span<int>(p.Ascending, p.Order));
            return;
        }

        SolveInner(p, parallelism);
        int k = p.Count, upper = p.UpperOrder, lower = p.Order - upper;
        MatrixBlock<T> inner = MatrixBlock<T>.ColumnMajor(p.Inner, k, k);
        Product(
            MatrixBlock<T>.ColumnMajor(p.Packed, upper, p.UpperColumns),
            inner.Slice(0, 0, p.UpperColumns, k),
            new MatrixBlock<T>(p.Q, upper, k, 1, p.Stride),
            parallelism);
        Product(
            MatrixBlock<T>.ColumnMajor(p.Packed + ((nint)upper * p.UpperColumns), lower, p.LowerColumns),
            inner.Slice(p.UpperOnly, 0, p.LowerColumns, k),
            new MatrixBlock<T>(p.Q + upper, lower, k, 1, p.Stride),
            parallelism);
        MergeAscending(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product<T>(in MatrixBlock<T> vectors, in MatrixBlock<T> inner, in MatrixBlock<T> target, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vectors.Columns > 0)
        {
            Gemm.Run(T.One, vectors, inner, T.Zero, target, parallelism);
            return;
        }

        for (int j = 0; j < target.Columns; j++)
        {
            new Span<T>(target.Data + (j * target.ColumnStride), target.Rows).Clear();
        }
    }

    /// <summary>Eigenvalues into D, eigenvectors of the inner problem into Inner, rows in the order of the packed columns.</summary>
    private static void SolveInner<T>(in RankOneProblem<T> problem, Parallelism parallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RankOneProblem<T> p = problem;
        int k = p.Count, chunks = (k + Chunk - 1) / Chunk, threads = parallelism.ThreadsForFlops(20.0 * k * k);
        T squares = VectorKernels.Dot(k, p.Weights, p.Weights);
        if (threads <= 1)
        {
            Roots(p, squares, 0, k);
            CorrectWeights(p, 0, k);
            Vectors(p, 0, k);
            return;
        }

        WorkTeam.Run(chunks, threads, part => Roots(p, squares, part * Chunk, Math.Min(k, (part + 1) * Chunk)));
        WorkTeam.Run(2 * threads, threads, part =>
        {
            // Few, tall parts: every one reads a piece of each column.
            (int start, int end) = WorkTeam.Range(k, 2 * threads, part, 16);
            CorrectWeights(p, start, end);
        });
        WorkTeam.Run(chunks, threads, part => Vectors(p, part * Chunk, Math.Min(k, (part + 1) * Chunk)));
    }

    private static void Roots<T>(in RankOneProblem<T> p, T squares, int start, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = start; j < end; j++)
        {
            p.D[j] = SecularEquation.Root(p.Count, j, p.Poles, p.Weights, p.Rho, squares, p.Inner + ((nint)j * p.Count));
        }
    }

    /// <summary>z_i^2 = prod_j (root_j - d_i) / prod_{j != i} (d_j - d_i), up to a factor common to all i; rows start..end-1 over all columns, into Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CorrectWeights<T>(in RankOneProblem<T> p, int start, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = p.Count;
        T* poles = p.Poles;
        T* z = p.Z;
        for (int i = start; i < end; i++)
        {
            z[i] = p.Inner[((nint)i * k) + i];
        }

        for (int j = 0; j < k; j++)
        {
            T* differences = p.Inner + ((nint)j * k);
            Multiply(start, Math.Min(j, end), differences, poles, poles[j], z);
            Multiply(Math.Max(j + 1, start), end, differences, poles, poles[j], z);
        }

        for (int i = start; i < end; i++)
        {
            z[i] = T.CopySign(T.Sqrt(T.Abs(z[i])), p.Weights[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<T>(int start, int end, T* differences, T* poles, T pole, T* z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = start;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<T> vp = new(pole);
            for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
            {
                (Vector.Load(z + i) * (Vector.Load(differences + i) / (Vector.Load(poles + i) - vp))).Store(z + i);
            }
        }

        for (; i < end; i++)
        {
            z[i] *= differences[i] / (poles[i] - pole);
        }
    }

    /// <summary>Column j of the inner problem: z_i / (d_i - root_j), normalised, its rows put where the packed columns are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors<T>(in RankOneProblem<T> p, int start, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = p.Count;
        using Scratch<T> scratch = Workspace.Rent<T>(k);
        T* vector = scratch.Pointer;
        for (int j = start; j < end; j++)
        {
            T* column = p.Inner + ((nint)j * k);
            Divide(k, p.Z, column, vector);
            T scale = T.One / VectorKernels.Norm2(k, vector);
            for (int i = 0; i < k; i++)
            {
                column[p.Slot[i]] = vector[i] * scale;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide<T>(int n, T* numerators, T* denominators, T* quotients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
            {
                (Vector.Load(numerators + i) / Vector.Load(denominators + i)).Store(quotients + i);
            }
        }

        for (; i < n; i++)
        {
            quotients[i] = numerators[i] / denominators[i];
        }
    }

    /// <summary>The roots ascend, and so do the deflated eigenvalues behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MergeAscending<T>(in RankOneProblem<T> p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0, j = p.Count;
        for (int k = 0; k < p.Order; k++)
        {
            p.Ascending[k] = j == p.Order || (i < p.Count && p.D[i] <= p.D[j]) ? i++ : j++;
        }
    }
}
