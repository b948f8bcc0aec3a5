using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// min ||A X - B||_F over X &gt;= 0, column by column, from the normal equations A^T A and A^T B: what errors there are grow with the square of the condition number of A. Many columns of B share
/// the work on A.
/// </summary>
public static class NonNegativeLeastSquares
{
    private const int CyclesBetweenChecks = 10;

    /// <summary>Solves with A and B given.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="b">m x k.</param>
    /// <param name="method">Exact (default) ends by itself; the others run until their KKT residual is at most <paramref name="tolerance"/>.</param>
    /// <param name="tolerance">See <see cref="NonNegativeSolution{T}.KktResidual"/>; default 1e-8 for double, 1e-4 for float.</param>
    /// <param name="maxCycles">The most cycles of a method that iterates.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a matrix is empty.</exception>
    /// <exception cref="NonFiniteInputException">An input holds NaN or infinity.</exception>
    public static NonNegativeSolution<T> Solve<T>(
        Tensor<T> a, Tensor<T> b, NonNegativeMethod method = NonNegativeMethod.Exact, double? tolerance = null, int maxCycles = 10000, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> left = DenseInput<T>.Of(a, 2).Tensor, right = DenseInput<T>.Of(b, 2).Tensor;
        if (a.Rank != 2 || b.Rank != 2 || a.Lengths[0] != b.Lengths[0])
        {
            throw new ArgumentException($"A X = B needs two matrices with as many rows; A has shape {DenseData.Text(a.Lengths)}, B {DenseData.Text(b.Lengths)}.", nameof(b));
        }

        ILinearAlgebraBackend engine = backend ?? Backend.Current;
        Tensor<T> gram = LinearAlgebra.Gram(left.AsReadOnlyMatrix().Transpose, engine), products = LinearAlgebra.MatMul(right.AsReadOnlyMatrix().Transpose, left.AsReadOnlyMatrix(), engine);
        return Run(gram, products, method, tolerance, maxCycles, engine);
    }

    /// <summary>Solves with the normal equations given: min tr(X^T G X) / 2 - tr(X^T C) over X &gt;= 0.</summary>
    /// <param name="gram">G = A^T A, n x n, symmetric positive semidefinite; the lower and the upper triangle are both read.</param>
    /// <param name="right">C = A^T B, n x k.</param>
    /// <param name="method">As in <see cref="Solve{T}"/>.</param>
    /// <param name="tolerance">As in <see cref="Solve{T}"/>.</param>
    /// <param name="maxCycles">As in <see cref="Solve{T}"/>.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <inheritdoc cref="Solve{T}" path="/exception"/>
    public static NonNegativeSolution<T> SolveNormal<T>(
        Tensor<T> gram, Tensor<T> right, NonNegativeMethod method = NonNegativeMethod.Exact, double? tolerance = null, int maxCycles = 10000, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> g = DenseInput<T>.Of(gram, 2).Tensor, c = DenseInput<T>.Of(right, 2).Tensor;
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1] || right.Rank != 2 || right.Lengths[0] != gram.Lengths[0])
        {
            throw new ArgumentException($"G X = C needs a square G and as many rows in C; G has shape {DenseData.Text(gram.Lengths)}, C {DenseData.Text(right.Lengths)}.", nameof(right));
        }

        return Run(g, TensorAlgebra.Permute(c, [1, 0]), method, tolerance, maxCycles, backend ?? Backend.Current);
    }

    private static NonNegativeSolution<T> Run<T>(Tensor<T> gram, Tensor<T> products, NonNegativeMethod method, double? tolerance, int maxCycles, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCycles, 1);
        double enough = tolerance ?? (typeof(T) == typeof(float) ? 1e-4 : 1e-8);
        if (!(enough >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must not be negative.");
        }

        int count = (int)products.Lengths[0], unknowns = (int)products.Lengths[1];
        SharedModeSystem<T> system = new(count, unknowns, backend);
        DenseData.Elements(gram).CopyTo(DenseData.Elements(system.Normal));
        system.Take(products);
        Tensor<T> x = FreshMemory.Zeros<T>(products.Lengths);
        if (method == NonNegativeMethod.MultiplicativeUpdate)
        {
            DenseData.Elements(x).Fill(T.One);
        }

        int cycles = 0;
        double residual;
        do
        {
            int next = method == NonNegativeMethod.Exact ? maxCycles : Math.Min(CyclesBetweenChecks, maxCycles - cycles);
            NonNegativeSettings settings = new(method, next, 0, 0);
            system.MinimiseNonNegative(x, settings);
            residual = new NonNegativeUpdate<T>(settings).Residual(system, x);
            cycles += next;
        }
        while (residual > enough && cycles < maxCycles);
        return new NonNegativeSolution<T>(TensorAlgebra.Permute(x, [1, 0]), residual, method == NonNegativeMethod.Exact ? 0 : cycles, residual <= enough);
    }
}
