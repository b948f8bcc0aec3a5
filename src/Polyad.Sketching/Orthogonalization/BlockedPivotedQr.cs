using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Pivoted QR of any matrix in blocks whose pivots come from a sketch (randomized QRCP; Duersch, Gu 2017; Martinsson, Quintana-Orti, Heavner, van de Geijn 2017): a small matrix S A is factored on vectors to
/// choose b columns, the rest are products of matrices. The sketch of what is left follows from its own triangle. It can stop at a rank or a tolerance. 4 m n k flops.
/// </summary>
public sealed class BlockedPivotedQr : RandomizedAlgorithm
{
    /// <summary>b, pivots that are chosen at a time (default 64).</summary>
    public int BlockSize { get; init; } = 64;

    /// <summary>Rows of the sketch beyond b (default 8).</summary>
    public int Oversampling { get; init; } = 8;

    /// <summary>It stops where a diagonal entry of R is at most this times the first; null for eps max(m, n).</summary>
    public double? Tolerance { get; init; }

    /// <summary>A P = Q R, complete or up to a rank.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="maxRank">The most columns of Q; null for min(m, n).</param>
    /// <param name="progress">Told the last diagonal entry of R, relative to the first, after each block.</param>
    /// <param name="cancellationToken">Looked at before each block.</param>
    /// <returns>Q: m x k, R: k x n, k = rank, with a positive diagonal. With k below min(m, n) A P - Q R is what is left.</returns>
    /// <exception cref="ArgumentException">A is empty, or an argument or option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public PivotedQrResult<T> Fit<T>(Tensor<T> a, int? maxRank = null, IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        int m = (int)CheckedOperator.Of(a).Rows, n = (int)a.Lengths[1], most = maxRank ?? Math.Min(m, n);
        CheckedOperator.CheckRank(LinearOperator.Of(a), most);
        Require(BlockSize >= 1, BlockSize, "at least 1");
        Require(Oversampling >= 0, Oversampling, "at least 0");
        Require(Tolerance is null or (>= 0 and < 1), Tolerance, "at least 0 and below 1");
        ILinearAlgebraBackend engine = Engine;
        double tolerance = Tolerance ?? LinearAlgebra.Epsilon<T>() * Math.Max(m, n);
        int[] order = [.. Enumerable.Range(0, n)];
        Tensor<T> rest = a.AsReadOnlyMatrix().ToTensor(), q = FreshMemory.Zeros<T>([m, most]), r = FreshMemory.Zeros<T>([most, n]);
        Tensor<T> sketch = new GaussianSketch<T>(Math.Min(m, BlockSize + Oversampling), m, Draws(0)).Sketch(a, engine);
        int k = 0;
        double first = 0;
        for (int block = 1; k < most; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BlockSize, most - k), left = n - k;
            PivotedQrResult<T> small = LinearAlgebra.PivotedQr<T>(sketch.AsReadOnlyMatrix().Slice(0, k, (int)sketch.Lengths[0], left));
            count = Math.Min(count, (int)small.Q.Lengths[1]);
            Permute(small.Permutation, k, order, rest, r);

            QrResult<T> local = Panel(rest.AsReadOnlyMatrix().Slice(0, k, m, count), q.AsReadOnlyMatrix().Slice(0, 0, m, k), engine);
            int good = 0;
            first = k == 0 ? OperatorProducts.Double(local.R[0, 0]) : first;
            while (good < count && OperatorProducts.Double(local.R[good, good]) > tolerance * first)
            {
                good++;
            }

            ReadOnlyMatrixView<T> basis = local.Q.AsReadOnlyMatrix().Slice(0, 0, m, good);
            basis.CopyTo(q.AsMatrix().Slice(0, k, m, good));
            local.R.AsReadOnlyMatrix().Slice(0, 0, good, count).CopyTo(r.AsMatrix().Slice(k, k, good, count));
            if (good > 0 && left > count)
            {
                MatrixView<T> trailing = rest.AsMatrix().Slice(0, k + count, m, left - count), row = r.AsMatrix().Slice(k, k + count, good, left - count);
                engine.MatMul(T.One, basis.Transpose, trailing, T.Zero, row);
                engine.MatMul(-T.One, basis, row, T.One, trailing);
                sketch = Update(sketch, small, local.R, row, k, count, good, engine);
            }

            k += good;
            progress?.Report(new(block, first == 0 ? 0 : OperatorProducts.Double(local.R[Math.Max(good - 1, 0), Math.Max(good - 1, 0)]) / first));
            if (good < count)
            {
                break;
            }
        }

        return new(q.FirstColumns(k), r.AsReadOnlyMatrix().Slice(0, 0, k, n).ToTensor(), order, k);
    }

    /// <summary>
    /// The QR factors of columns that are orthogonal to known ones but for rounding, which a small remainder magnifies: then Q, of unit columns, is made orthogonal once more (twice is enough; Kahan, Parlett).
    /// </summary>
    private static QrResult<T> Panel<T>(in ReadOnlyMatrixView<T> panel, in ReadOnlyMatrixView<T> known, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        QrResult<T> local = LinearAlgebra.Qr(panel, engine);
        if (known.Columns == 0)
        {
            return local;
        }

        Tensor<T> inside = LinearAlgebra.MatMul(known.Transpose, local.Q.AsReadOnlyMatrix(), engine);
        if (LinearAlgebra.FrobeniusNorm(inside.AsReadOnlyMatrix()) <= 4 * LinearAlgebra.Epsilon<T>() * Math.Sqrt(panel.Columns))
        {
            return local;
        }

        engine.MatMul(-T.One, known, inside.AsReadOnlyMatrix(), T.One, local.Q.AsMatrix());
        QrResult<T> again = LinearAlgebra.Qr(local.Q, engine);
        return new(again.Q, LinearAlgebra.MatMul(again.R, local.R, engine));
    }

    /// <summary>Brings the columns from <paramref name="from"/> on into the order that a sketch of them chose.</summary>
    private static void Permute<T>(int[] chosen, int from, int[] order, Tensor<T> rest, Tensor<T> r)
        where T : unmanaged, INumberBase<T>
    {
        int n = order.Length, left = n - from;
        int[] old = order[from..];
        for (int j = 0; j < left; j++)
        {
            order[from + j] = old[chosen[j]];
        }

        T[] line = new T[left];
        foreach (Tensor<T> matrix in new[] { rest, r })
        {
            Span<T> elements = LinearAlgebra.Elements(matrix);
            int rows = matrix == rest ? (int)matrix.Lengths[0] : Math.Min(from, (int)matrix.Lengths[0]);
            for (int i = 0; i < rows; i++)
            {
                Span<T> row = elements.Slice((i * n) + from, left);
                row.CopyTo(line);
                for (int j = 0; j < left; j++)
                {
                    row[j] = line[chosen[j]];
                }
            }
        }
    }

    /// <summary>
    /// The sketch of what is left (Duersch, Gu 2017): S A P = U [R11 R12; 0 R22] and A P = [Q1 ..] [T11 T12; ..] give S (A2 - Q1 T12) = U [R12 - R11 T11^-1 T12; R22], of which U, orthogonal, is left out.
    /// </summary>
    private static Tensor<T> Update<T>(Tensor<T> sketch, PivotedQrResult<T> small, Tensor<T> triangle, in MatrixView<T> row, int k, int count, int good, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        int n = (int)sketch.Lengths[1], height = (int)small.R.Lengths[0], left = n - k - count;
        Tensor<T> next = FreshMemory.Zeros<T>([height, n]);
        small.R.AsReadOnlyMatrix().Slice(0, count, height, left).CopyTo(next.AsMatrix().Slice(0, k + count, height, left));
        if (good == count)
        {
            Tensor<T> solved = ((ReadOnlyMatrixView<T>)row).ToTensor();
            engine.TriangularSolve(Triangle.Upper, false, triangle.AsReadOnlyMatrix().Slice(0, 0, count, count), solved.AsMatrix());
            engine.MatMul(-T.One, small.R.AsReadOnlyMatrix().Slice(0, 0, count, count), solved.AsReadOnlyMatrix(), T.One, next.AsMatrix().Slice(0, k + count, count, left));
        }

        return next;
    }
}
