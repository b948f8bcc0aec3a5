using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Eigenpairs of largest magnitude of a symmetric matrix (Halko, Martinsson, Tropp 2011, algorithm 5.3): the eigenvalues of Q^T A Q for a basis Q by <see cref="RangeFinder"/>. For positive
/// semidefinite matrices <see cref="NystromEigen"/> is more accurate at the same cost.
/// </summary>
public sealed class RandomizedEigen : RandomizedAlgorithm
{
    /// <summary>Columns of the basis beyond the rank asked for (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>Products with A A^T, orthonormalized between, that sharpen the decay of the eigenvalues (default 2).</summary>
    public int PowerIterations { get; init; } = 2;

    /// <summary>The distribution of the test matrix (default normal entries).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.Gaussian;

    /// <summary>The eigenpairs of largest magnitude, in descending order of magnitude.</summary>
    /// <param name="a">n x n, symmetric (not checked).</param>
    /// <param name="rank">k, 1 to n.</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">A is not square, the rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EigenResult<T> Fit<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        CheckedOperator.CheckRank(a, rank);
        ILinearAlgebraBackend engine = Engine;
        RangeFinder finder = new() { Oversampling = Oversampling, PowerIterations = PowerIterations, Distribution = Distribution, Seed = Seed, Backend = Backend };
        int width = finder.Width(a, rank);
        using Scratch<T> basis = Workspace.Rent<T>((nint)a.Rows * width), product = Workspace.Rent<T>((nint)a.Rows * width), square = Workspace.Rent<T>((nint)width * width);
        MatrixView<T> q = new(basis.Span, a.Rows, width), image = new(product.Span, a.Rows, width), core = new(square.Span, width, width);
        finder.FillBasis(a, q, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        a.Apply(q, image, engine);
        engine.MatMul(T.One, q.Transpose, image, T.Zero, core);
        EigenResult<T> small = LinearAlgebra.SymmetricEigen<T>(core, engine);

        // Ascending values: the largest magnitude is at one of the two ends.
        T[] all = LinearAlgebra.Elements(small.Values).ToArray(), values = new T[rank];
        int low = 0, high = width - 1;
        Tensor<T> chosen = FreshMemory.Zeros<T>([width, rank]);
        for (int j = 0; j < rank; j++)
        {
            int take = OperatorProducts.Double(T.Abs(all[high])) >= OperatorProducts.Double(T.Abs(all[low])) ? high-- : low++;
            values[j] = all[take];
            small.Vectors.AsReadOnlyMatrix().Slice(0, take, width, 1).CopyTo(chosen.AsMatrix().Slice(0, j, width, 1));
        }

        Tensor<T> vectors = LinearAlgebra.MatMul(q, chosen.AsReadOnlyMatrix(), engine);
        SignConvention.ColumnsPositive(vectors.AsMatrix(), default, rank);
        return new(Tensor.Create(values, [rank]), vectors);
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public EigenResult<T> Fit<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public EigenResult<T> Fit<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);
}
