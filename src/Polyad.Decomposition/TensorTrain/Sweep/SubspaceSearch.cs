using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// Finds the leading subspace at one end of a matrix and projects onto it. By Gram matrix, QR tree or sketch; a result that came from a Gram matrix is kept, when the choice is ours, only if the distance
/// that it leaves proves it good: a Gram matrix loses at most about k eps ||X||^2 of the energy of the best k directions, so what is dropped must be far above that, or down at rounding itself.
/// </summary>
internal sealed unsafe class SubspaceSearch<T>(TrainPlan plan, double norm, TruncationBudget budget, ILinearAlgebraBackend backend) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>How far what is dropped must stand above the rounding of a Gram matrix.</summary>
    private const double Clear = 1000;

    private readonly int _width = plan.Complex ? 2 : 1;
    private readonly double _epsilon = DenseData.Epsilon<T>();

    /// <summary>The least accurate method that was used.</summary>
    public SubspaceMethod Used { get; private set; } = SubspaceMethod.QrSvd;

    /// <summary>The Gram matrix of the next step on the right, when the step before has made it; with the last mode that it is for.</summary>
    public PendingGram? Pending { get; set; }

    /// <summary>Makes the Gram matrix of the first step and tells the norm.</summary>
    public double Measure(PooledMemory<T> x, int rows, int width, int last)
    {
        PooledMemory<T> gram = Gram(x, rows, width, last);
        Pending = new PendingGram(last, width, gram);
        double trace = 0;
        for (int i = 0; i < width; i++)
        {
            trace += double.CreateTruncating(gram.Data[((nint)i * width) + i]);
        }

        return Math.Sqrt(trace);
    }

    /// <summary>Whether a step begins with a Gram matrix.</summary>
    /// <param name="rows">Of the matrix.</param>
    /// <param name="columns">Of the matrix.</param>
    /// <param name="bonds">That the step settles.</param>
    public bool UsesGram(int rows, int columns, int bonds) => plan.Method switch
    {
        SubspaceMethod.Gram => rows >= columns,
        SubspaceMethod.Automatic or SubspaceMethod.Randomized => rows >= columns && (budget.Given(1) is not null || budget.Share * bonds >= Clear * columns * _width * Rounding),
        _ => false,
    };

    /// <summary>The rounding error of a Gram matrix in spectral norm.</summary>
    private double Rounding => 2 * _epsilon * norm * norm;

    /// <summary>Takes modes start .. last off the right of x, rows x columns.</summary>
    /// <param name="x">The matrix.</param>
    /// <param name="rows">Of x.</param>
    /// <param name="columns">Of x, a complex one counted once.</param>
    /// <param name="start">First mode among the columns.</param>
    /// <param name="last">Last mode.</param>
    /// <param name="rank">At its right.</param>
    /// <param name="nextGroup">Of (start, kept): the rows of the projection that make one row of the next step, when that begins with a narrow Gram matrix; else 0.</param>
    public Found Right(PooledMemory<T> x, int rows, int columns, int start, int last, int rank, Func<int, int, int> nextGroup)
    {
        if (plan.Method == SubspaceMethod.Randomized && start == last && Sketched(x, rows, columns, start, rank) is { } sketched)
        {
            return sketched;
        }

        int bonds = last - start + 1, width = columns * _width;
        bool gram = UsesGram(rows, columns, bonds);
        while (true)
        {
            TrainBasis<T> basis = Basis(x, gram, rows, columns, plan.Lengths, start, last, rank);
            if (basis.Kept == columns)
            {
                // Nothing is dropped: the matrix stays as it is, and so do the columns.
                return new Found(TrainBasis<T>.Whole(backend, budget, plan.Complex, plan.Lengths, start, last, rank), columns, [], x, 0);
            }

            int kept = basis.Kept * _width, group = nextGroup(start, basis.Kept);
            PooledMemory<T> projected = new((nint)rows * kept);
            PendingGram? next = group > 0 ? new PendingGram(start - 1, group * kept, new PooledMemory<T>((nint)group * kept * group * kept)) : null;
            double square = Project(x, rows, width, basis.RealRows, kept, projected, Math.Max(1, group), next);
            if (gram && !Accept(square, basis.Kept, columns, bonds))
            {
                next?.Gram.Dispose();
                projected.Dispose();
                gram = false;
                continue;
            }

            Pending = next;
            Used = gram ? SubspaceMethod.Gram : Used;
            return new Found(basis, basis.Kept, [], projected, square);
        }
    }

    /// <summary>Takes the first mode off the left of a real x, rows x columns with more columns than rows.</summary>
    public Found Left(PooledMemory<T> x, int rows, int columns, int bond)
    {
        // The left singular vectors of X are the right ones of its transpose, a matrix whose one mode has length rows.
        nint[] lengths = [.. plan.Lengths];
        lengths[bond] = rows;
        bool gram = UsesGram(columns, rows, 1);
        ReadOnlyMatrixView<T> view = ReadOnlyMatrixView<T>.FromPointer(x.Data, rows, columns, columns, 1);
        while (true)
        {
            using PooledMemory<T> square = new((nint)rows * rows);
            if (gram)
            {
                backend.Gram(T.One, view, T.Zero, new MatrixView<T>(square.Span(rows * rows), rows, rows));
            }
            else
            {
                backend.QrR(view.Transpose, new MatrixView<T>(square.Span(rows * rows), rows, rows));
            }

            TrainBasis<T> basis = gram ? TrainBasis<T>.FromGram(backend, budget, false, square.Span(rows * rows), rows, lengths, bond, bond, 1)
                : TrainBasis<T>.FromMatrix(backend, budget, false, square.Span(rows * rows), rows, lengths, bond, bond, 1);
            int kept = basis.Kept;
            PooledMemory<T> projected = new((nint)kept * columns);
            ReadOnlyMatrixView<T> left = new(basis.Rows, kept, rows);
            backend.MatMul(T.One, left, view, T.Zero, MatrixView<T>.FromPointer(projected.Data, kept, columns, columns, 1));
            double distance = Distance(x, left.Transpose, ReadOnlyMatrixView<T>.FromPointer(projected.Data, kept, columns, columns, 1));
            if (gram && !Accept(distance, kept, rows, 1))
            {
                projected.Dispose();
                gram = false;
                continue;
            }

            Used = gram ? SubspaceMethod.Gram : Used;
            return new Found(null, kept, basis.Rows, projected, distance);
        }
    }

    /// <summary>
    /// A step by a random sketch: rows that nearly span the row space, then the exact truncation of the projection onto them. Without a given rank the sketch doubles until it leaves less than half of what
    /// may be dropped. Null where a sketch would be no shorter than a quarter of the columns: an exact step costs no more then.
    /// </summary>
    private Found? Sketched(PooledMemory<T> x, int rows, int columns, int mode, int rank)
    {
        int width = columns * _width, count = Math.Min(budget.Given(mode) ?? 16, plan.MaxRank) + plan.Oversampling;
        bool given = budget.Given(mode) is not null;
        for (ulong attempt = 0; 4 * count <= Math.Min(rows, columns); attempt++, count *= 2)
        {
            T[] basis = RowSketch.Of(backend, x.Data, rows, width, plan.Complex, count, new CounterRandom(plan.Seed, ((ulong)mode << 8) + attempt), plan.PowerIterations);
            T[] real = plan.Complex ? ComplexRows.Expand<T>(basis, count, columns) : basis;
            PooledMemory<T> seen = new((nint)rows * count * _width);
            double unseen = Project(x, rows, width, real, count * _width, seen, 1, null);
            if (!given && unseen > budget.Share / 2 && count < plan.MaxRank)
            {
                seen.Dispose();
                continue;
            }

            // What is left is a matrix of one mode with count columns.
            nint[] lengths = [.. plan.Lengths];
            lengths[mode] = count;
            budget.Reserved = unseen;
            TrainBasis<T> within = Basis(seen, byGram: false, rows, count, lengths, mode, mode, 1);
            budget.Reserved = 0;
            int kept = within.Kept * _width;
            PooledMemory<T> projected = new((nint)rows * kept);
            double cut = Project(seen, rows, count * _width, within.RealRows, kept, projected, 1, null);
            seen.Dispose();
            Pending?.Gram.Dispose();
            Pending = null;
            Used = Used == SubspaceMethod.Gram ? Used : SubspaceMethod.Randomized;
            return new Found(within.Within(basis, columns, rank), within.Kept, [], projected, unseen + cut);
        }

        return null;
    }

    /// <summary>Whether what a step by a Gram matrix leaves stands clear of its rounding, or is rounding itself.</summary>
    private bool Accept(double square, int kept, int length, int bonds)
    {
        if (plan.Method == SubspaceMethod.Gram)
        {
            return true;
        }

        bool chosen = budget.Given(1) is null && kept < plan.MaxRank;
        return chosen ? square <= budget.Share * bonds : square >= Clear * kept * _width * Rounding || Math.Sqrt(square) <= DenseData.RoundingUnits(length) * _epsilon * norm;
    }

    public void Dispose() => Pending?.Gram.Dispose();

    private TrainBasis<T> Basis(PooledMemory<T> x, bool byGram, int rows, int columns, nint[] lengths, int start, int last, int rank)
    {
        int width = columns * _width;
        if (byGram)
        {
            using PooledMemory<T> gram = Gram(x, rows, width, last);
            return TrainBasis<T>.FromGram(backend, budget, plan.Complex, gram.Span(width * width), width, lengths, start, last, rank);
        }

        // A matrix of few rows with the Gram matrix of x: its triangle, or x itself.
        using PooledMemory<T> triangle = new(rows > width ? (nint)width * width : 0);
        Span<T> small = rows > width ? triangle.Span(width * width) : x.Span(rows * width);
        if (rows > width)
        {
            backend.QrR(ReadOnlyMatrixView<T>.FromPointer(x.Data, rows, width, width, 1), new MatrixView<T>(small, width, width));
        }

        return TrainBasis<T>.FromMatrix(
            backend, budget, plan.Complex, plan.Complex ? ComplexRows.Stack<T>(small, Math.Min(rows, width), width) : small, width, lengths, start, last, rank);
    }

    private PooledMemory<T> Gram(PooledMemory<T> x, int rows, int width, int last)
    {
        PendingGram? pending = Pending;
        Pending = null;
        if (pending is not null && pending.Last == last && pending.Width == width)
        {
            return pending.Gram;
        }

        pending?.Gram.Dispose();
        PooledMemory<T> gram = new((nint)width * width);
        if (width > NarrowPass.MaxColumns)
        {
            backend.Gram(T.One, ReadOnlyMatrixView<T>.FromPointer(x.Data, width, rows, 1, width), T.Zero, new MatrixView<T>(gram.Span(width * width), width, width));
        }
        else
        {
            NarrowPass.Gram(x.Data, rows, width, gram.Data, Threads);
        }

        return gram;
    }

    private double Project(PooledMemory<T> x, int rows, int width, T[] basis, int kept, PooledMemory<T> projected, int group, PendingGram? next)
    {
        if (width <= NarrowPass.MaxColumns)
        {
            fixed (T* b = basis)
            {
                return NarrowPass.Project(x.Data, rows, width, b, kept, projected.Data, group, next is null ? null : next.Gram.Data, Threads);
            }
        }

        ReadOnlyMatrixView<T> rowsOfBasis = new(basis, kept, width);
        backend.MatMul(
            T.One, ReadOnlyMatrixView<T>.FromPointer(x.Data, rows, width, width, 1), rowsOfBasis.Transpose, T.Zero, MatrixView<T>.FromPointer(projected.Data, rows, kept, kept, 1));
        return Distance(x, ReadOnlyMatrixView<T>.FromPointer(projected.Data, rows, kept, kept, 1), rowsOfBasis);
    }

    private Parallelism Threads => backend.Parallelism.Min(Parallelism.Current);

    /// <summary>||X - A B||^2</summary>
    private double Distance(PooledMemory<T> x, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b)
    {
        double relative = StreamedResidual.Relative(backend, new ReadOnlySpan<T>(x.Data, a.Rows * b.Columns), norm, a, b);
        return relative * relative * norm * norm;
    }

    /// <summary>A Gram matrix made ahead.</summary>
    /// <param name="Last">The last mode among its columns.</param>
    /// <param name="Width">Their number, real.</param>
    /// <param name="Gram">Its elements.</param>
    internal sealed record PendingGram(int Last, int Width, PooledMemory<T> Gram);

    /// <summary>One step's result.</summary>
    /// <param name="Basis">The cores of a step on the right.</param>
    /// <param name="Kept">The new rank at that end.</param>
    /// <param name="Left">Of a step on the left: Kept x rows orthonormal rows.</param>
    /// <param name="Projected">What goes on.</param>
    /// <param name="SquaredDistance">What was dropped.</param>
    internal sealed record Found(TrainBasis<T>? Basis, int Kept, T[] Left, PooledMemory<T> Projected, double SquaredDistance);
}
