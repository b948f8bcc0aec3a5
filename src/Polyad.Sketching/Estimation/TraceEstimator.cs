using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>How <see cref="TraceEstimator"/> spends its products.</summary>
public enum TraceMethod
{
    /// <summary>The mean of x^T A x over random signs x (Hutchinson 1990): the error falls as one over the square root of the products.</summary>
    Hutchinson,

    /// <summary>Hutch++ (Meyer, Musco, Musco, Woodruff 2021): the trace on a sketched range exactly, Hutchinson on the rest: the error falls as one over the products for semidefinite matrices.</summary>
    HutchPlusPlus,
}

/// <summary>
/// The trace, or the diagonal, of a square matrix from products with it: unbiased, with an estimated standard error.
/// </summary>
public sealed class TraceEstimator : RandomizedAlgorithm
{
    /// <summary>The method (default <see cref="TraceMethod.HutchPlusPlus"/>).</summary>
    public TraceMethod Method { get; init; } = TraceMethod.HutchPlusPlus;

    /// <summary>Products with A (default 60); Hutch++ takes a third for the range, a third on it, and a third for the rest.</summary>
    public int Products { get; init; } = 60;

    /// <summary>Estimates the trace.</summary>
    /// <param name="a">n x n.</param>
    /// <param name="cancellationToken">Looked at before each block of products.</param>
    /// <exception cref="ArgumentException">A is not square, or there are too few products.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TraceEstimate Fit<T>(LinearOperator<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        ILinearAlgebraBackend engine = Engine;
        (Tensor<T>? q, int rest) = Range(a, cancellationToken);
        double known = 0;
        if (q is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            known = Dots(q, a.Apply(q, engine)).Sum();
            if (rest == 0)
            {
                return new(known, 0, 2 * (int)q.Lengths[1]);
            }
        }

        Tensor<T> x = Signs<T>(a.Rows, rest);
        if (q is not null)
        {
            OperatorProducts.ProjectOut(x.AsMatrix(), q.AsReadOnlyMatrix(), engine);
        }

        cancellationToken.ThrowIfCancellationRequested();
        double[] samples = Dots(x, a.Apply(x, engine));
        double mean = samples.Average(), spread = samples.Length > 1 ? samples.Sum(s => (s - mean) * (s - mean)) / (samples.Length - 1) : double.NaN;
        return new(known + mean, Math.Sqrt(spread / samples.Length), Products);
    }

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, CancellationToken)"/>
    public TraceEstimate Fit<T>(Tensor<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), cancellationToken);

    /// <inheritdoc cref="Fit{T}(LinearOperator{T}, CancellationToken)"/>
    public TraceEstimate Fit<T>(CsrMatrix<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), cancellationToken);

    /// <summary>
    /// Estimates the diagonal: the mean of x * A x over random signs x (Bekas, Kokiopoulou, Saad 2007); with Hutch++'s division of products the diagonal of A on a sketched range is exact and the mean is
    /// taken of the rest (Baston, Nakatsukasa 2022).
    /// </summary>
    /// <param name="a">n x n.</param>
    /// <param name="cancellationToken">Looked at before each block of products.</param>
    /// <exception cref="ArgumentException">A is not square, or there are too few products.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public DiagonalEstimate FitDiagonal<T>(LinearOperator<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        CheckedOperator.CheckSquare(a);
        ILinearAlgebraBackend engine = Engine;
        int n = a.Rows;
        (Tensor<T>? q, int rest) = Range(a, cancellationToken);
        double[] values = new double[n], errors = new double[n];
        if (q is not null)
        {
            // diag(Q Q^T A) = row sums of Q * (A^T Q).
            cancellationToken.ThrowIfCancellationRequested();
            Add(q, a.ApplyAdjoint(q, engine), values, null, 1);
            if (rest == 0)
            {
                return new(values, errors);
            }
        }

        Tensor<T> x = Signs<T>(n, rest);
        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> image = a.Apply(x, engine);
        if (q is not null)
        {
            OperatorProducts.ProjectOut(image.AsMatrix(), q.AsReadOnlyMatrix(), engine);
        }

        Add(x, image, values, errors, rest);
        return new(values, errors);
    }

    /// <inheritdoc cref="FitDiagonal{T}(LinearOperator{T}, CancellationToken)"/>
    public DiagonalEstimate FitDiagonal<T>(Tensor<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitDiagonal(CheckedOperator.Of(a), cancellationToken);

    /// <inheritdoc cref="FitDiagonal{T}(LinearOperator{T}, CancellationToken)"/>
    public DiagonalEstimate FitDiagonal<T>(CsrMatrix<T> a, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => FitDiagonal(CheckedOperator.Of(a), cancellationToken);

    /// <summary>A basis of the range and how many products are left; no basis for Hutchinson's method.</summary>
    private (Tensor<T>? Basis, int Left) Range<T>(LinearOperator<T> a, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        int least = Method == TraceMethod.HutchPlusPlus ? 3 : 1;
        Require(Products >= least, Products, $"at least {least}");
        cancellationToken.ThrowIfCancellationRequested();
        if (Method == TraceMethod.Hutchinson)
        {
            return (null, Products);
        }

        int share = Math.Min(Products / 3, a.Rows);
        Tensor<T> q = a.SketchRows(new RademacherSketch<T>(share, a.Rows, Draws(0)), Engine, scale: 1).Orthonormal(Engine);
        return (q, share == a.Rows ? 0 : Products - (2 * share));
    }

    private Tensor<T> Signs<T>(int rows, int columns)
        where T : unmanaged, INumberBase<T>
        => new RademacherSketch<T>(columns, rows, Draws(1)).ToDense().AsReadOnlyMatrix().Transpose.ToTensor();

    /// <summary>x_j^T y_j of each pair of columns.</summary>
    private static double[] Dots<T>(Tensor<T> x, Tensor<T> y)
        where T : unmanaged, INumberBase<T>
    {
        int columns = (int)x.Lengths[1];
        double[] sums = new double[columns];
        ReadOnlySpan<T> p = LinearAlgebra.Elements(x), q = LinearAlgebra.Elements(y);
        for (int i = 0; i < p.Length; i++)
        {
            sums[i % columns] += OperatorProducts.Double(p[i]) * OperatorProducts.Double(q[i]);
        }

        return sums;
    }

    /// <summary>Adds sum_j x_ij y_ij / count to each value, and the standard error of that mean to the errors.</summary>
    private static void Add<T>(Tensor<T> x, Tensor<T> y, double[] values, double[]? errors, int count)
        where T : unmanaged, INumberBase<T>
    {
        int columns = (int)x.Lengths[1];
        ReadOnlySpan<T> p = LinearAlgebra.Elements(x), q = LinearAlgebra.Elements(y);
        for (int i = 0; i < values.Length; i++)
        {
            double sum = 0, squares = 0;
            for (int j = 0; j < columns; j++)
            {
                double term = OperatorProducts.Double(p[(i * columns) + j]) * OperatorProducts.Double(q[(i * columns) + j]);
                sum += term;
                squares += term * term;
            }

            values[i] += sum / count;
            if (errors is not null)
            {
                errors[i] = count > 1 ? Math.Sqrt(Math.Max(0, squares - (sum * sum / count)) / (count - 1) / count) : double.NaN;
            }
        }
    }
}

/// <summary>An estimated trace.</summary>
/// <param name="Value">The estimate, without bias.</param>
/// <param name="StandardError">Its standard error, from the spread of the random part; NaN with one sample, 0 where the trace is exact.</param>
/// <param name="Products">Products with A.</param>
public readonly record struct TraceEstimate(double Value, double StandardError, int Products);

/// <summary>An estimated diagonal.</summary>
/// <param name="Values">n estimates, without bias.</param>
/// <param name="StandardErrors">Their standard errors, from the spread of the random part; NaN with one sample, 0 where the diagonal is exact.</param>
public sealed record DiagonalEstimate(double[] Values, double[] StandardErrors);
