using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The randomized SVD (Halko, Martinsson, Tropp 2011): the exact SVD of Q^T A for a basis Q by <see cref="RangeFinder"/>. The error of the rank-k matrix in the spectral norm is s_(k + 1) times a factor
/// near 1 that power iterations bring down: with two it is below 1.1 for all but the flattest spectra. Where residuals must meet a tolerance use <see cref="BlockLanczos"/>. 2 q + 2 products.
/// </summary>
public sealed class RandomizedSvd : RandomizedAlgorithm
{
    /// <summary>Columns of the basis beyond the rank asked for (default 10).</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>q, products with A A^T, orthonormalized between, that sharpen the decay of the singular values (default 2).</summary>
    public int PowerIterations { get; init; } = 2;

    /// <summary>The distribution of the test matrix (default normal entries).</summary>
    public SketchDistribution Distribution { get; init; } = SketchDistribution.Gaussian;

    /// <summary>The leading singular triplets.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="rank">k, 1 to min(m, n).</param>
    /// <param name="cancellationToken">Looked at before each product.</param>
    /// <exception cref="ArgumentException">The rank does not fit, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">A or a product with it holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LowRankSvd<T> Fit<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckRank(a, rank);
        if (a.Rows < a.Columns)
        {
            // The basis of the shorter side costs less to orthonormalize.
            LowRankSvd<T> turned = Tall(a.Adjoint, rank, cancellationToken);
            Tensor<T> u = turned.Vt.AsReadOnlyMatrix().Transpose.ToTensor(), vt = turned.U.AsReadOnlyMatrix().Transpose.ToTensor();
            SignConvention.ColumnsPositive(u.AsMatrix(), vt.AsMatrix(), rank);
            return turned with { U = u, Vt = vt };
        }

        return Tall(a, rank, cancellationToken);
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public LowRankSvd<T> Fit<T>(Tensor<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, int, CancellationToken)"/>
    public LowRankSvd<T> Fit<T>(CsrMatrix<T> a, int rank, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), rank, cancellationToken);

    private LowRankSvd<T> Tall<T>(LinearOperator<T> a, int rank, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        ILinearAlgebraBackend engine = Engine;
        RangeFinder finder = new() { Oversampling = Oversampling, PowerIterations = PowerIterations, Distribution = Distribution, Seed = Seed, Backend = Backend };
        int width = finder.Width(a, rank);
        using Scratch<T> left = Workspace.Rent<T>((nint)a.Rows * width), right = Workspace.Rent<T>((nint)a.Columns * width);
        MatrixView<T> q = new(left.Span, a.Rows, width), z = new(right.Span, a.Columns, width);
        finder.FillBasis(a, q, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        a.ApplyAdjoint(q, z, engine);
        return LowRankSvd<T>.FromBasis(q, z, rank, a.FrobeniusNorm, engine);
    }
}
