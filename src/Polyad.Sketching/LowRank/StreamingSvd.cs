using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The SVD of a matrix that is seen once (Tropp, Yurtsever, Udell, Cevher 2019): its rows, or corrections of them, are multiplied by four test matrices and forgotten. With a range sketch of l columns and
/// a core of s = 2 l + 1, memory is (m + n) l + s^2 numbers. Before it is cut to rank k the mean squared error in the Frobenius norm is at most (s - 1) / (s - l - 1) (l + k - 1) / (l - k - 1) times that of
/// the best rank-k matrix. A fourth,
/// independent sketch estimates the error of the result. Not safe for several threads at once.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class StreamingSvd<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend? _backend;
    private readonly GaussianSketch<T> _range;
    private readonly GaussianSketch<T> _coreRight;
    private readonly SketchAccumulator<T> _coRange;
    private readonly SketchAccumulator<T> _core;
    private readonly SketchAccumulator<T> _test;
    private readonly Tensor<T> _image;

    /// <summary>A stream of a zero matrix.</summary>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <param name="rank">k, the rank that will be asked for, 1 to min(m, n).</param>
    /// <param name="sketchSize">l, the columns of the range sketch; null for min(4 k + 1, m, n). At least k + 2 where the sizes allow it.</param>
    /// <param name="seed">The seed of every draw.</param>
    /// <param name="backend">The engine; null for the current one at the time of each call.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, the rank is not between 1 and min(m, n), or the sketch is smaller than the rank or larger than the matrix.</exception>
    public StreamingSvd(int rows, int columns, int rank, int? sketchSize = null, ulong seed = 0, ILinearAlgebraBackend? backend = null)
    {
        int least = Math.Min(rows, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (rank < 1 || rank > least)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"A {rows} x {columns} matrix has ranks 1 to {least}.");
        }

        int l = sketchSize ?? (int)Math.Min((4L * rank) + 1, least), s = (int)Math.Min((2L * l) + 1, Math.Max(rows, columns));
        if (l < rank || l > least)
        {
            throw new ArgumentOutOfRangeException(nameof(sketchSize), l, $"The sketch of a {rows} x {columns} matrix for rank {rank} has {rank} to {least} columns.");
        }

        (Rows, Columns, Rank, _backend) = (rows, columns, rank, backend);
        _range = new(l, columns, new SketchState(seed, 0));
        _coRange = new(new GaussianSketch<T>(l, rows, new SketchState(seed, 1UL << 48)), columns, backend);
        _coreRight = new(s, columns, new SketchState(seed, 2UL << 48));
        _core = new(new GaussianSketch<T>(s, rows, new SketchState(seed, 3UL << 48)), s, backend);
        _test = new(new GaussianSketch<T>(10, rows, new SketchState(seed, 4UL << 48)), columns, backend);
        _image = FreshMemory.Zeros<T>([rows, l]);
    }

    /// <summary>m.</summary>
    public int Rows { get; }

    /// <summary>n.</summary>
    public int Columns { get; }

    /// <summary>k.</summary>
    public int Rank { get; }

    /// <summary>The row that <see cref="Add(in ReadOnlyMatrixView{T})"/> takes next.</summary>
    public int NextRow { get; private set; }

    /// <summary>Adds the next rows.</summary>
    /// <param name="rows">b x n, finite.</param>
    /// <exception cref="ArgumentException">The rows have another width than n, or are more than are left.</exception>
    /// <exception cref="NonFiniteInputException">A number is NaN or infinite.</exception>
    public void Add(in ReadOnlyMatrixView<T> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{T})"/>
    public void Add(Tensor<T> rows) => Add(rows.AsReadOnlyMatrix());

    /// <inheritdoc cref="Add(in ReadOnlyMatrixView{T})"/>
    public void Add(CsrMatrix<T> rows)
    {
        AddAt(NextRow, rows);
        NextRow += rows.Rows;
    }

    /// <summary>Adds numbers to rows that begin at row <paramref name="row"/>; these may have come before.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rows">b x n, finite.</param>
    /// <exception cref="ArgumentException">The rows have another width than n, or leave the matrix.</exception>
    /// <exception cref="NonFiniteInputException">A number is NaN or infinite.</exception>
    public void AddAt(int row, in ReadOnlyMatrixView<T> rows)
    {
        Check(row, rows.Rows, rows.Columns);
        if (rows.Rows == 0)
        {
            return;
        }

        Arguments.Finite(rows, default, nameof(rows));
        ILinearAlgebraBackend engine = _backend ?? Backend.Current;
        _range.ApplyRightAdjoint(T.One, rows, T.One, _image.AsMatrix().Slice(row, 0, rows.Rows, _range.Rows), engine);
        _coRange.AddAt(row, rows);
        _test.AddAt(row, rows);
        using Scratch<T> block = Workspace.Rent<T>((nint)rows.Rows * _coreRight.Rows);
        MatrixView<T> narrow = new(block.Span, rows.Rows, _coreRight.Rows);
        _coreRight.ApplyRightAdjoint(T.One, rows, T.Zero, narrow, engine);
        _core.AddAt(row, narrow);
    }

    /// <inheritdoc cref="AddAt(int, in ReadOnlyMatrixView{T})"/>
    public void AddAt(int row, CsrMatrix<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Check(row, rows.Rows, rows.Columns);
        if (rows.Rows == 0)
        {
            return;
        }

        CheckedOperator.CheckFinite(rows, nameof(rows));
        _range.ApplyRightAdjoint(T.One, rows, T.One, _image.AsMatrix().Slice(row, 0, rows.Rows, _range.Rows));
        _coRange.AddAt(row, rows);
        _test.AddAt(row, rows);
        using Scratch<T> block = Workspace.Rent<T>((nint)rows.Rows * _coreRight.Rows);
        MatrixView<T> narrow = new(block.Span, rows.Rows, _coreRight.Rows);
        _coreRight.ApplyRightAdjoint(T.One, rows, T.Zero, narrow);
        _core.AddAt(row, narrow);
    }

    /// <summary>
    /// The SVD of what has come so far. A is about Q C P^T with Q from A Omega^T, P from (Upsilon A)^T and C the least-squares solution of (Phi Q) C (Psi P)^T = Phi A Psi^T. Rows may still follow.
    /// </summary>
    /// <returns>The decomposition of rank k; its error is estimated from ten independent test vectors, without bias in its square.</returns>
    public LowRankSvd<T> ToSvd()
    {
        ILinearAlgebraBackend engine = _backend ?? Backend.Current;
        Tensor<T> q = _image.Orthonormal(engine), p = _coRange.Sum.AsReadOnlyMatrix().Transpose.ToTensor().Orthonormal(engine);
        Tensor<T> left = FreshMemory.Zeros<T>([_core.Operator.Rows, q.Lengths[1]]), right = FreshMemory.Zeros<T>([_coreRight.Rows, p.Lengths[1]]);
        _core.Operator.Apply(T.One, q.AsReadOnlyMatrix(), T.Zero, left.AsMatrix(), engine);
        _coreRight.Apply(T.One, p.AsReadOnlyMatrix(), T.Zero, right.AsMatrix(), engine);

        Tensor<T> half = LinearAlgebra.LeastSquares(left.AsReadOnlyMatrix(), _core.Sum.AsReadOnlyMatrix(), backend: engine).Solution;
        Tensor<T> core = LinearAlgebra.LeastSquares(right.AsReadOnlyMatrix(), half.AsReadOnlyMatrix().Transpose, backend: engine).Solution;
        SvdResult<T> small = LinearAlgebra.Svd(core.AsReadOnlyMatrix().Transpose, backend: engine);
        Tensor<T> u = LinearAlgebra.MatMul(q.AsReadOnlyMatrix(), small.U.FirstColumns(Rank).AsReadOnlyMatrix(), engine);
        Tensor<T> vt = LinearAlgebra.MatMul(small.Vt.AsReadOnlyMatrix().Slice(0, 0, Rank, (int)p.Lengths[1]), p.AsReadOnlyMatrix().Transpose, engine);
        SignConvention.ColumnsPositive(u.AsMatrix(), vt.AsMatrix(), Rank);
        LowRankSvd<T> result = new(u, small.S.FirstElements(Rank), vt, 0);
        return result with { RelativeError = Estimate(result, engine) };
    }

    private void Check(int row, int rows, int columns)
    {
        if (columns != Columns || row < 0 || rows > Rows - row)
        {
            throw new ArgumentException($"{rows} x {columns} numbers at row {row} do not fit a {Rows} x {Columns} matrix.", nameof(rows));
        }
    }

    /// <summary>||Theta (A - B)||_F / ||Theta A||_F of the test matrix Theta.</summary>
    private double Estimate(LowRankSvd<T> result, ILinearAlgebraBackend engine)
    {
        Tensor<T> seen = _test.Sum, scaled = result.U.AsReadOnlyMatrix().ToTensor(), left = FreshMemory.Zeros<T>([_test.Operator.Rows, Rank]);
        Span<T> elements = LinearAlgebra.Elements(scaled);
        for (int i = 0; i < elements.Length; i += Rank)
        {
            TensorPrimitives.Multiply(elements.Slice(i, Rank), LinearAlgebra.Elements(result.S), elements.Slice(i, Rank));
        }

        _test.Operator.Apply(T.One, scaled.AsReadOnlyMatrix(), T.Zero, left.AsMatrix(), engine);
        double whole = LinearAlgebra.FrobeniusNorm(seen.AsReadOnlyMatrix());
        Tensor<T> rest = seen.AsReadOnlyMatrix().ToTensor();
        engine.MatMul(-T.One, left.AsReadOnlyMatrix(), result.Vt.AsReadOnlyMatrix(), T.One, rest.AsMatrix());
        return whole == 0 ? 0 : LinearAlgebra.FrobeniusNorm(rest.AsReadOnlyMatrix()) / whole;
    }
}
