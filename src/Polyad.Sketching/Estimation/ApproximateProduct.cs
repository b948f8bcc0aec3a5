using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A^T B from sketches, or from some of the rows: (S A)^T S B has the mean A^T B and an expected squared error of at most c ||A||_F^2 ||B||_F^2 / D, with c = 1 for rows drawn in proportion to
/// ||a_i|| ||b_i|| (Drineas, Kannan, Mahoney 2006) and c = 2 for signs and normal entries.
/// </summary>
public sealed class ApproximateProduct : RandomizedAlgorithm
{
    /// <summary>D, the rows of the sketches (default 256).</summary>
    public int Size { get; init; } = 256;

    /// <summary>The distribution of the sketch; null (the default) draws rows in proportion to the product of their norms.</summary>
    public SketchDistribution? Distribution { get; init; }

    /// <summary>Estimates A^T B.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="b">m x k.</param>
    /// <param name="cancellationToken">Looked at before each sketch and before the product.</param>
    /// <returns>n x k.</returns>
    /// <exception cref="ArgumentException">The rows differ, a matrix is empty, or the size is below 1.</exception>
    /// <exception cref="NonFiniteInputException">A or B holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor<T> Fit<T>(Tensor<T> a, Tensor<T> b, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), CheckedOperator.Of(b), () => Times(Norms(a), Norms(b)), s => s.Sketch(a, Engine), s => s.Sketch(b, Engine), cancellationToken);

    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, CancellationToken)"/>
    public Tensor<T> Fit<T>(CsrMatrix<T> a, Tensor<T> b, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), CheckedOperator.Of(b), () => Times(Norms(a), Norms(b)), s => s.Sketch(a), s => s.Sketch(b, Engine), cancellationToken);

    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, CancellationToken)"/>
    public Tensor<T> Fit<T>(CsrMatrix<T> a, CsrMatrix<T> b, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
        => Fit(CheckedOperator.Of(a), CheckedOperator.Of(b), () => Times(Norms(a), Norms(b)), s => s.Sketch(a), s => s.Sketch(b), cancellationToken);

    private Tensor<T> Fit<T>(
        LinearOperator<T> a,
        LinearOperator<T> b,
        Func<double[]> weights,
        Func<SketchOperator<T>, Tensor<T>> sketchA,
        Func<SketchOperator<T>, Tensor<T>> sketchB,
        CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        if (a.Rows != b.Rows)
        {
            throw new ArgumentException($"A^T B needs matrices of as many rows; they are {a.Rows} x {a.Columns} and {b.Rows} x {b.Columns}.", nameof(b));
        }

        Require(Size >= 1, Size, "at least 1");
        cancellationToken.ThrowIfCancellationRequested();
        SketchOperator<T> s;
        if (Distribution is null)
        {
            double[] norms = weights();
            if (norms.All(static w => w == 0))
            {
                return FreshMemory.Zeros<T>([a.Columns, b.Columns]);
            }

            s = new RowSamplingSketch<T>(Size, norms, Draws(0));
        }
        else
        {
            s = Distribution.Create<T>(Size, a.Rows, Draws(0));
        }

        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> first = sketchA(s);
        cancellationToken.ThrowIfCancellationRequested();
        Tensor<T> second = sketchB(s);
        cancellationToken.ThrowIfCancellationRequested();
        return LinearAlgebra.MatMul(first.AsReadOnlyMatrix().Transpose, second.AsReadOnlyMatrix(), Engine);
    }

    private static double[] Times(double[] a, double[] b)
    {
        TensorPrimitives.Multiply(a, b, a);
        return a;
    }

    private static double[] Norms<T>(Tensor<T> a)
        where T : unmanaged, INumberBase<T>
    {
        double[] norms = new double[a.Lengths[0]];
        for (int i = 0; i < norms.Length; i++)
        {
            norms[i] = LinearAlgebra.FrobeniusNorm(a.AsReadOnlyMatrix().Slice(i, 0, 1, (int)a.Lengths[1]));
        }

        return norms;
    }

    private static double[] Norms<T>(CsrMatrix<T> a)
        where T : unmanaged, INumberBase<T>
    {
        double[] norms = new double[a.Rows];
        for (int i = 0; i < norms.Length; i++)
        {
            ReadOnlySpan<T> entries = a.Values[a.RowPointers[i]..a.RowPointers[i + 1]];
            norms[i] = entries.IsEmpty ? 0 : LinearAlgebra.FrobeniusNorm(new ReadOnlyMatrixView<T>(entries, 1, entries.Length));
        }

        return norms;
    }
}
