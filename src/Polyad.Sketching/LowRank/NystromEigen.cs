using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Leading eigenpairs of a positive semidefinite matrix from one product A Omega (Tropp, Yurtsever, Udell, Cevher 2017, algorithm 3): the Nystrom approximation A Omega (Omega^T A Omega)^+ (A Omega)^T,
/// computed of A shifted by a few units of rounding, so that nothing is squared. It never exceeds A. Power iterations replace Omega by an orthonormal basis of A^q Omega.
/// </summary>
public sealed class NystromEigen : RandomizedAlgorithm
{
    /// <summary>Columns of the test matrix beyond the rank asked for (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>q, further products with A that sharpen the decay of the eigenvalues (default 1).</summary>
    public int PowerIterations { get; init; } = 1;

    /// <summary>The leading eigenpairs.</summary>
    /// <param name="a">n x n, symmetric positive semidefinite (of which the symmetry is not checked).</param>
    /// <param name="rank">k, 1 to n.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <returns>Values, descending and not negative, and their vectors.</returns>
    /// <exception cref="ArgumentException">A is not square, the rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NotPositiveDefiniteException">A has an eigenvalue that is clearly negative.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EigenResult<T> Fit<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        CheckedOperator.CheckRank(a, rank);
        Require(Oversampling >= 0, Oversampling, "at least 0");
        Require(PowerIterations >= 0, PowerIterations, "at least 0");
        ILinearAlgebraBackend engine = Engine;
        int n = a.Rows, width = (int)Math.Min(n, (long)rank + Oversampling);
        Tensor<T> omega = new GaussianSketch<T>(width, n, Draws(0)).ToDense().AsReadOnlyMatrix().Transpose.ToTensor().Orthonormal(engine), y = FreshMemory.Zeros<T>([n, width]);
        using Scratch<T> triangle = Workspace.Rent<T>((nint)width * width);
        for (int q = 0; ; q++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            a.Apply(omega.AsReadOnlyMatrix(), y.AsMatrix(), engine);
            if (q == PowerIterations)
            {
                break;
            }

            engine.Qr(y.AsReadOnlyMatrix(), omega.AsMatrix(), new MatrixView<T>(triangle.Span, width, width));
        }

        double norm = LinearAlgebra.FrobeniusNorm(y.AsReadOnlyMatrix());
        if (norm == 0)
        {
            return new(FreshMemory.Zeros<T>([rank]), omega.FirstColumns(rank));
        }

        T shift = T.CreateTruncating(Math.Sqrt(n) * LinearAlgebra.Epsilon<T>() * norm);
        Span<T> image = LinearAlgebra.Elements(y), test = LinearAlgebra.Elements(omega);
        TensorPrimitives.MultiplyAdd(test, shift, image, image);

        // (Omega^T Y_s) = C C^T and B = Y_s C^-T: B B^T is the approximation of A + s I.
        Tensor<T> core = Symmetrized(LinearAlgebra.MatMul(omega.AsReadOnlyMatrix().Transpose, y.AsReadOnlyMatrix(), engine)), factor;
        try
        {
            factor = LinearAlgebra.Cholesky(core, engine);
        }
        catch (NotPositiveDefiniteException negative)
        {
            throw new NotPositiveDefiniteException($"The {n} x {n} matrix is not positive semidefinite: on {width} random directions it is not.", negative);
        }

        engine.TriangularSolve(Triangle.Lower, false, factor.AsReadOnlyMatrix(), y.AsMatrix().Transpose);
        SvdResult<T> svd = LinearAlgebra.Svd(y.AsReadOnlyMatrix(), backend: engine);
        T[] values = new T[rank];
        for (int j = 0; j < rank; j++)
        {
            T s = LinearAlgebra.Elements(svd.S)[j], value = (s * s) - shift;
            values[j] = T.IsNegative(value) ? T.Zero : value;
        }

        return new(Tensor.Create(values, [rank]), svd.U.FirstColumns(rank));
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public EigenResult<T> Fit<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public EigenResult<T> Fit<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    private static Tensor<T> Symmetrized<T>(Tensor<T> core)
        where T : unmanaged, INumberBase<T>
    {
        int order = (int)core.Lengths[0];
        Span<T> c = LinearAlgebra.Elements(core);
        T half = T.One / (T.One + T.One);
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j < i; j++)
            {
                c[(i * order) + j] = c[(j * order) + i] = half * (c[(i * order) + j] + c[(j * order) + i]);
            }
        }

        return core;
    }
}
