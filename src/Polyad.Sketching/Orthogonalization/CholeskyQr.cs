using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>How <see cref="CholeskyQr"/> keeps its columns orthonormal.</summary>
public enum CholeskyQrMethod
{
    /// <summary>Sketched; Householder reflections where the columns are too dependent for that.</summary>
    Automatic,

    /// <summary>CholeskyQR2 (Yamamoto, Nakatsukasa, Yanagisawa, Fukaya 2015): for condition numbers below about 1 / (8 sqrt(m n eps)).</summary>
    Twice,

    /// <summary>Shifted CholeskyQR3 (Fukaya, Kannan, Nakatsukasa, Yamamoto, Yanagisawa 2020): for condition numbers below about 1 / eps.</summary>
    Shifted,

    /// <summary>The columns are made nearly orthonormal by the triangle of a sketch first (Balabanov 2022): for condition numbers below about 1 / (n eps).</summary>
    Sketched,
}

/// <summary>
/// A = Q R of a tall matrix by Gram matrices and triangular solves, which run at the speed of matrix products: 4 m n^2 flops twice, 6 m n^2 shifted, 3 m n^2 and a sketch sketched.
/// </summary>
public sealed class CholeskyQr : RandomizedAlgorithm
{
    /// <summary>Condition numbers of Gram matrices, by the diagonal of their triangles, up to which one pass leaves nothing but rounding.</summary>
    private const double Safe = 100;

    /// <summary>How (default automatic).</summary>
    public CholeskyQrMethod Method { get; init; }

    /// <summary>Rows of the sketch for each column (default 2).</summary>
    public double SamplingFactor { get; init; } = 2;

    /// <summary>The distribution of the sketch (default eight signs per column).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.SparseJohnsonLindenstrauss();

    /// <summary>Factors a tall matrix.</summary>
    /// <param name="a">m x n with m at least n.</param>
    /// <param name="cancellationToken">Looked at before each product and factorization.</param>
    /// <returns>Q with orthonormal columns and R with a positive diagonal.</returns>
    /// <exception cref="ArgumentException">A is wider than tall or empty, or an option is out of range.</exception>
    /// <exception cref="NotPositiveDefiniteException">The columns are too dependent for the method asked for.</exception>
    /// <exception cref="NonFiniteInputException">A holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public QrResult<T> Fit<T>(Tensor<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        _ = CheckedOperator.Of(a);
        if (a.Lengths[0] < a.Lengths[1])
        {
            throw new ArgumentException($"The matrix must have at least as many rows as columns; it is {a.Lengths[0]} x {a.Lengths[1]}.", nameof(a));
        }

        Require(SamplingFactor >= 1 && double.IsFinite(SamplingFactor), SamplingFactor, "a finite number of at least 1");
        ArgumentNullException.ThrowIfNull(Distribution);
        cancellationToken.ThrowIfCancellationRequested();
        return Method switch
        {
            CholeskyQrMethod.Automatic => Try(a, CholeskyQrMethod.Sketched, cancellationToken) ?? Reflections(),
            CholeskyQrMethod.Twice or CholeskyQrMethod.Shifted or CholeskyQrMethod.Sketched => Try(a, Method, cancellationToken) ?? throw TooDependent(a),
            _ => throw new ArgumentException($"There is no method {Method}.", nameof(a)),
        };

        QrResult<T> Reflections()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return LinearAlgebra.Qr(a, Engine);
        }
    }

    /// <summary>Null when a Gram matrix is not safely positive definite.</summary>
    private QrResult<T>? Try<T>(Tensor<T> a, CholeskyQrMethod method, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ILinearAlgebraBackend engine = Engine;
        int m = (int)a.Lengths[0], n = (int)a.Lengths[1];
        Tensor<T> q = a.AsReadOnlyMatrix().ToTensor();
        if (method == CholeskyQrMethod.Sketched)
        {
            if (Sketched(a, engine) is not { } start)
            {
                return null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            engine.TriangularSolve(Triangle.Lower, false, start.AsReadOnlyMatrix().Transpose, q.AsMatrix().Transpose);
            return Finish(q, start, engine, cancellationToken);
        }

        Tensor<T>? r = null;
        for (int pass = method == CholeskyQrMethod.Shifted ? -1 : 0; pass < 2; pass++)
        {
            // 11 (m n + n (n + 1)) u ||A||^2 makes the first triangle exist and leaves a condition number that two passes cure.
            double shift = pass < 0 ? 11 * (((double)m * n) + (n * (n + 1.0))) * LinearAlgebra.Epsilon<T>() / 2 : 0;
            if (Pass(q, shift, engine, cancellationToken, out double condition) is not { } upper || (pass == 1 && condition > Safe))
            {
                return null;
            }

            r = r is null ? upper : Product(upper, r, engine);
        }

        return new(q, r!);
    }

    /// <summary>
    /// Columns that are nearly orthonormal made so, and their triangle multiplied on: one pass, whose error is eps times the condition number of the Gram matrix, or two where that is large. Q is overwritten. Null
    /// when that is not enough.
    /// </summary>
    internal static QrResult<T>? Finish<T>(Tensor<T> q, Tensor<T> r, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        for (int pass = 0; pass < 2; pass++)
        {
            if (Pass(q, 0, engine, cancellationToken, out double condition) is not { } upper)
            {
                return null;
            }

            r = Product(upper, r, engine);
            if (condition <= Safe)
            {
                return new(q, r);
            }
        }

        return null;
    }

    /// <summary>
    /// The lower triangle L with L L^T = Y^T Y + shift trace(Y^T Y) I, and the condition number of this Gram matrix as the diagonal of L shows it; null where it is not positive definite or overflows.
    /// </summary>
    internal static Tensor<T>? GramTriangle<T>(in ReadOnlyMatrixView<T> y, double shift, ILinearAlgebraBackend engine, out double condition)
        where T : unmanaged, INumberBase<T>
    {
        int n = y.Columns;
        condition = double.PositiveInfinity;
        Tensor<T> gram = FreshMemory.Zeros<T>([n, n]);
        engine.Gram(T.One, y.Transpose, T.Zero, gram.AsMatrix());
        double trace = 0;
        for (int i = 0; i < n; i++)
        {
            trace += OperatorProducts.Double(gram[i, i]);
        }

        if (!double.IsFinite(trace))
        {
            return null;
        }

        for (int i = 0; i < n && shift > 0; i++)
        {
            gram[i, i] += T.CreateTruncating(shift * trace);
        }

        try
        {
            Tensor<T> lower = LinearAlgebra.Cholesky(gram.AsReadOnlyMatrix(), engine);
            double ratio = DiagonalRatio(lower);
            condition = ratio * ratio;
            return lower;
        }
        catch (NotPositiveDefiniteException)
        {
            return null;
        }
    }

    /// <summary>Q becomes Q U^-1 with U^T U = Q^T Q + shift trace(Q^T Q) I. The condition number of the Gram matrix is estimated from the diagonal of U.</summary>
    private static Tensor<T>? Pass<T>(Tensor<T> q, double shift, ILinearAlgebraBackend engine, CancellationToken cancellationToken, out double condition)
        where T : unmanaged, INumberBase<T>
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (GramTriangle(q.AsReadOnlyMatrix(), shift, engine, out condition) is not { } lower)
        {
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        engine.TriangularSolve(Triangle.Lower, false, lower.AsReadOnlyMatrix(), q.AsMatrix().Transpose);
        return lower.AsReadOnlyMatrix().Transpose.ToTensor();
    }

    /// <summary>The product of upper triangles: one, whatever the engine leaves below its diagonal.</summary>
    private static Tensor<T> Product<T>(Tensor<T> upper, Tensor<T> r, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> product = LinearAlgebra.MatMul(upper, r, engine);
        for (int i = 1; i < product.Lengths[0]; i++)
        {
            product.AsMatrix().Slice(i, 0, 1, (int)Math.Min(i, product.Lengths[1])).Fill(T.Zero);
        }

        return product;
    }

    /// <summary>The triangle of S A, or null where its diagonal is down to rounding.</summary>
    private Tensor<T>? Sketched<T>(Tensor<T> a, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        int m = (int)a.Lengths[0], n = (int)a.Lengths[1];
        Tensor<T> sketch = Distribution.Embedding<T>(m, n, SamplingFactor, Draws(0)).Sketch(a, engine), r = FreshMemory.Zeros<T>([n, n]);
        engine.QrR(sketch.AsReadOnlyMatrix(), r.AsMatrix());
        return DiagonalRatio(r) * n * LinearAlgebra.Epsilon<T>() < 1 ? r : null;
    }

    /// <summary>The largest diagonal entry of a triangle over the least.</summary>
    private static double DiagonalRatio<T>(Tensor<T> triangle)
        where T : unmanaged, INumberBase<T>
    {
        double largest = 0, least = double.PositiveInfinity;
        for (int i = 0; i < triangle.Lengths[0]; i++)
        {
            double entry = OperatorProducts.Double(triangle[i, i]);
            (largest, least) = (Math.Max(largest, entry), Math.Min(least, entry));
        }

        return least > 0 ? largest / least : double.PositiveInfinity;
    }

    private NotPositiveDefiniteException TooDependent<T>(Tensor<T> a)
        where T : unmanaged
        => new($"The columns of the {a.Lengths[0]} x {a.Lengths[1]} matrix are too dependent for CholeskyQR ({Method}).");
}
