using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// The trailing cores of a matrix X whose columns run over modes start .. last and a rank, and the orthonormal rows that they multiply out to. Found from what is left of X when its rows are summed up:
/// the Gram matrix, or the triangle of its QR decomposition. Real arithmetic throughout; complex X as in <see cref="ComplexRows"/>.
/// </summary>
internal sealed class TrainBasis<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend _backend;
    private readonly IBondRanks _ranks;
    private readonly bool _complex;
    private readonly int _width;

    private TrainBasis(ILinearAlgebraBackend backend, IBondRanks ranks, bool complex, int rank)
    {
        (_backend, _ranks, _complex, _width, Kept, Columns) = (backend, ranks, complex, complex ? 2 : 1, rank, rank);
        Rows = Identity(rank);
    }

    /// <summary>The rank at the left end.</summary>
    public int Kept { get; private set; }

    /// <summary>The length of a row.</summary>
    public int Columns { get; private set; }

    /// <summary>Kept x Columns orthonormal rows, complex ones with their parts in turn.</summary>
    public T[] Rows { get; private set; }

    /// <summary>The cores, last mode first.</summary>
    public List<T[]> Cores { get; } = [];

    /// <summary>The rows as a real matrix to project with.</summary>
    public T[] RealRows => _complex ? ComplexRows.Expand<T>(Rows, Kept, Columns) : Rows;

    /// <summary>From G = X^T X.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="ranks">What to keep.</param>
    /// <param name="complex">Whether X is complex; G then belongs to its real form and is overwritten.</param>
    /// <param name="gram">Square, of as many (real) columns as X has.</param>
    /// <param name="width">That number.</param>
    /// <param name="lengths">Of all modes.</param>
    /// <param name="start">The first mode among the columns.</param>
    /// <param name="last">The last one.</param>
    /// <param name="rank">At the right end.</param>
    public static TrainBasis<T> FromGram(ILinearAlgebraBackend backend, IBondRanks ranks, bool complex, Span<T> gram, int width, nint[] lengths, int start, int last, int rank)
    {
        TrainBasis<T> basis = new(backend, ranks, complex, rank);
        if (complex)
        {
            ComplexRows.Complete(gram, width);
        }

        for (int mode = last; mode >= start; mode--)
        {
            int length = (int)lengths[mode], columns = basis.Kept * length, block = basis._width * columns, outer = width / block;
            if (ranks.Given(mode) is { } given && given >= columns)
            {
                basis.Add(basis.Identity(columns), columns, length);
                continue;
            }

            using Scratch<T> vectors = Workspace.Rent<T>((nint)block * block);
            T[] values = new T[block];
            backend.SymmetricEigen(new ReadOnlyMatrixView<T>(outer == 1 ? gram : PartialTrace(gram, outer, block), block, block), values, new MatrixView<T>(vectors.Span, block, block));
            double[] singular = new double[block];
            for (int k = 0; k < block; k++)
            {
                singular[k] = Math.Sqrt(Math.Max(0, double.CreateTruncating(values[block - 1 - k])));
            }

            T[] kept = basis.Keep(mode, singular, columns, length, new ReadOnlyMatrixView<T>(vectors.Span, block, block).Transpose, ascending: true);
            if (mode > start)
            {
                gram = basis.Project(gram, outer, block, kept);
                width = outer * kept.Length / block;
            }
        }

        return basis;
    }

    /// <summary>All of the columns: nothing is cut, and every core is an identity under another shape.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="ranks">Not asked.</param>
    /// <param name="complex">Whether X is complex.</param>
    /// <param name="lengths">Of all modes.</param>
    /// <param name="start">The first mode among the columns.</param>
    /// <param name="last">The last one.</param>
    /// <param name="rank">At the right end.</param>
    public static TrainBasis<T> Whole(ILinearAlgebraBackend backend, IBondRanks ranks, bool complex, nint[] lengths, int start, int last, int rank)
    {
        TrainBasis<T> basis = new(backend, ranks, complex, rank);
        for (int mode = last; mode >= start; mode--)
        {
            int length = (int)lengths[mode], columns = basis.Kept * length;
            basis.Add(basis.Identity(columns), columns, length);
        }

        return basis;
    }

    /// <summary>From any matrix M of the same Gram matrix as X: its triangle, or X itself when it has few rows.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="ranks">What to keep.</param>
    /// <param name="complex">Whether X is complex.</param>
    /// <param name="matrix">M, row-major.</param>
    /// <param name="width">Real columns.</param>
    /// <param name="lengths">Of all modes.</param>
    /// <param name="start">The first mode among the columns.</param>
    /// <param name="last">The last one.</param>
    /// <param name="rank">At the right end.</param>
    public static TrainBasis<T> FromMatrix(
        ILinearAlgebraBackend backend, IBondRanks ranks, bool complex, ReadOnlySpan<T> matrix, int width, nint[] lengths, int start, int last, int rank)
    {
        TrainBasis<T> basis = new(backend, ranks, complex, rank);
        for (int mode = last; mode >= start; mode--)
        {
            int length = (int)lengths[mode], columns = basis.Kept * length, block = basis._width * columns, rows = matrix.Length / block;
            if (ranks.Given(mode) is { } given && given >= columns && rows >= block)
            {
                basis.Add(basis.Identity(columns), columns, length);
                continue;
            }

            int height = Math.Min(rows, block);
            using Scratch<T> triangle = Workspace.Rent<T>(rows > block ? (nint)block * block : 0);
            ReadOnlySpan<T> small = matrix;
            if (rows > block)
            {
                backend.QrR(new ReadOnlyMatrixView<T>(matrix, rows, block), new MatrixView<T>(triangle.Span, block, block));
                small = triangle.Span;
            }

            using Scratch<T> u = Workspace.Rent<T>((nint)height * height), vt = Workspace.Rent<T>((nint)height * block);
            T[] values = new T[height];
            backend.Svd(new ReadOnlyMatrixView<T>(small, height, block), new MatrixView<T>(u.Span, height, height), values, new MatrixView<T>(vt.Span, height, block));
            double[] singular = new double[height];
            for (int k = 0; k < height; k++)
            {
                singular[k] = double.CreateTruncating(values[k]);
            }

            T[] kept = basis.Keep(mode, singular, columns, length, new ReadOnlyMatrixView<T>(vt.Span, height, block), ascending: false);
            if (mode > start)
            {
                int left = kept.Length / block;
                T[] next = new T[rows * left];
                backend.MatMul(T.One, new ReadOnlyMatrixView<T>(matrix, rows, block), new ReadOnlyMatrixView<T>(kept, left, block).Transpose, T.Zero, next.AsMatrix(rows, left));
                matrix = next;
            }
        }

        return basis;
    }

    /// <summary>The basis of one mode whose rows are combinations, by these rows, of other orthonormal rows.</summary>
    /// <param name="rows">As many as this basis has columns.</param>
    /// <param name="columns">Their length, a complex number counted once.</param>
    /// <param name="rank">At the right end.</param>
    public TrainBasis<T> Within(T[] rows, int columns, int rank)
    {
        TrainBasis<T> basis = new(_backend, _ranks, _complex, rank);
        int inner = _width * Columns, width = _width * columns;
        T[] real = _complex ? ComplexRows.Expand<T>(rows, Columns, columns) : rows, core = new T[Kept * width];
        _backend.MatMul(T.One, Rows.AsMatrix(Kept, inner), real.AsMatrix(inner, width), T.Zero, core.AsMatrix(Kept, width));
        basis.Add(core, Kept, columns / rank);
        return basis;
    }

    /// <summary>One bond: chooses the rank, adds the core; returns the kept rows as a real matrix.</summary>
    /// <param name="mode">Right of the bond.</param>
    /// <param name="singular">Descending.</param>
    /// <param name="columns">Of X here.</param>
    /// <param name="length">Of the mode.</param>
    /// <param name="vectors">Right singular vectors as rows.</param>
    /// <param name="ascending">Whether the last row belongs to the largest value.</param>
    private T[] Keep(int mode, double[] singular, int columns, int length, in ReadOnlyMatrixView<T> vectors, bool ascending)
    {
        // Complex singular values come twice.
        double[] values = _complex ? [.. singular.Where(static (_, k) => k % 2 == 0)] : singular;
        int block = _width * columns, rank = _ranks.Choose(mode, values), lines = _width * rank;
        T[] rows = new T[lines * block];
        for (int k = 0; k < lines; k++)
        {
            vectors.Slice(ascending ? vectors.Rows - 1 - k : k, 0, 1, block).CopyTo(new MatrixView<T>(rows.AsSpan(k * block, block), 1, block));
        }

        T[] core = _complex ? ComplexRows.Independent(rows, block, rank) : rows;
        Add(core, rank, length);
        return _complex ? ComplexRows.Expand<T>(core, rank, columns) : core;
    }

    /// <summary>Puts a core of rank x length x Kept before the others: its rows times those so far.</summary>
    private void Add(T[] core, int rank, int length)
    {
        Cores.Add(core);
        int lines = rank * length, inner = _width * Kept, width = _width * Columns;
        if (Cores.Count == 1)
        {
            Rows = core;
        }
        else
        {
            T[] before = RealRows, product = new T[lines * width];
            _backend.MatMul(T.One, core.AsMatrix(lines, inner), before.AsMatrix(inner, width), T.Zero, product.AsMatrix(lines, width));
            Rows = product;
        }

        (Kept, Columns) = (rank, length * Columns);
    }

    /// <summary>The Gram matrix of X as a matrix of <paramref name="width"/> columns.</summary>
    private static T[] PartialTrace(ReadOnlySpan<T> gram, int outer, int width)
    {
        T[] trace = new T[width * width];
        for (int a = 0; a < outer; a++)
        {
            for (int i = 0; i < width; i++)
            {
                ReadOnlySpan<T> row = gram.Slice((((a * width) + i) * outer * width) + (a * width), width);
                TensorPrimitives.Add(trace.AsSpan(i * width, width), row, trace.AsSpan(i * width, width));
            }
        }

        return trace;
    }

    /// <summary>(I x V) G (I x V)^T for the rows V.</summary>
    private T[] Project(ReadOnlySpan<T> gram, int outer, int width, T[] rows)
    {
        int kept = rows.Length / width, half = outer * kept;
        T[] right = new T[outer * width * half], both = new T[half * half];
        ReadOnlyMatrixView<T> v = rows.AsMatrix(kept, width);
        _backend.MatMul(T.One, new ReadOnlyMatrixView<T>(gram, outer * width * outer, width), v.Transpose, T.Zero, right.AsMatrix(outer * width * outer, kept));
        for (int a = 0; a < outer; a++)
        {
            _backend.MatMul(T.One, v, new ReadOnlyMatrixView<T>(right.AsSpan(a * width * half), width, half), T.Zero, new MatrixView<T>(both.AsSpan(a * kept * half), kept, half));
        }

        return both;
    }

    private T[] Identity(int size)
    {
        T[] identity = new T[size * size * _width];
        for (int k = 0; k < size; k++)
        {
            identity[((k * size) + k) * _width] = T.One;
        }

        return identity;
    }
}
