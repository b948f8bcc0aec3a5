using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>k(x, y) = x'y.</summary>
public sealed record LinearKernel : Kernel
{
    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend) => RowGeometry.InnerProducts(x, y, k, backend);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => RowGeometry.SquaredLengths(x).CopyTo(diagonal);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer) => KernelFile.Write(writer, KernelFile.Linear);
}

/// <summary>k(x, y) = tanh(gamma x'y + c). It is not positive semidefinite in general.</summary>
/// <param name="Gamma">gamma, at least 0; null (default) for 1/d.</param>
/// <param name="Coef0">c (default 1).</param>
public sealed record SigmoidKernel(double? Gamma = null, double Coef0 = 1) : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name)
    {
        Hyperparameter.Finite(Coef0);
        KernelParameter.Gamma(Gamma, x.Columns);
    }

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        RowGeometry.InnerProducts(x, y, k, backend);
        double gamma = KernelParameter.Gamma(Gamma, x.Columns);
        FeatureMatrix.ForEachRow(k, 10, (_, row) => ElementMath.Apply(row, v => Math.Tanh((gamma * v) + Coef0)));
    }

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal)
    {
        double gamma = KernelParameter.Gamma(Gamma, x.Columns);
        RowGeometry.SquaredLengths(x).CopyTo(diagonal);
        ElementMath.Apply(diagonal, v => Math.Tanh((gamma * v) + Coef0));
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Sigmoid);
        writer.Set("gamma", Gamma);
        writer.Set("coef0", Coef0);
    }
}

/// <summary>k(x, y) = x'y / (|x| |y|); 0 where a row is zero, as in scikit-learn.</summary>
public sealed record CosineKernel : Kernel
{
    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        RowGeometry.InnerProducts(x, y, k, backend);
        T[] left = RowGeometry.InverseLengths(x), right = RowGeometry.InverseLengths(new FeatureRows<T>(y));
        FeatureMatrix.ForEachRow(k, 0.3, (i, row) =>
        {
            TensorPrimitives.Multiply(row, right, row);
            TensorPrimitives.Multiply(row, left[i], row);
        });
    }

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal)
    {
        T[] squares = RowGeometry.SquaredLengths(x);
        for (int i = 0; i < squares.Length; i++)
        {
            diagonal[i] = T.IsZero(squares[i]) ? T.Zero : T.One;
        }
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer) => KernelFile.Write(writer, KernelFile.Cosine);
}

/// <summary>
/// The arc-cosine kernel of order n (Cho and Saul 2009): |x|^n |y|^n J_n(theta) / pi = 2 E[step(w'x) step(w'y) (w'x)^n (w'y)^n], w standard normal; order 1 is that of a wide layer of rectifiers.
/// J_0 = pi - t, J_1 = sin t + (pi - t) cos t, J_2 = 3 sin t cos t + (pi - t)(1 + 2 cos^2 t).
/// </summary>
/// <remarks>The angle of nearly parallel rows is known to sqrt(eps) only, which order 0 shows; the diagonal is exact.</remarks>
/// <param name="Order">n = 0, 1 or 2 (default 1).</param>
public sealed record ArcCosineKernel(int Order = 1) : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => Hyperparameter.Between(Order, 0, 2);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        RowGeometry.InnerProducts(x, y, k, backend);
        double[] left = Lengths(x), right = Lengths(new FeatureRows<T>(y));
        FeatureMatrix.ForEachRow(k, 30, (i, row) =>
        {
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = T.CreateSaturating(Value(left[i], right[j], double.CreateTruncating(row[j])));
            }
        });
    }

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal)
    {
        double[] lengths = Lengths(x);
        for (int i = 0; i < lengths.Length; i++)
        {
            diagonal[i] = T.CreateSaturating(Value(lengths[i], lengths[i], lengths[i] * lengths[i]));
        }
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.ArcCosine);
        writer.Set("order", Order);
    }

    private double Value(double a, double b, double product)
    {
        // The angle to a zero row is undefined: a right one, by which order 0 is continuous on average and the others are 0.
        double cosine = a == 0 || b == 0 ? 0 : Math.Clamp(product / a / b, -1, 1), angle = Math.Acos(cosine), sine = Math.Sqrt((1 - cosine) * (1 + cosine));
        return Order switch
        {
            0 => (Math.PI - angle) / Math.PI,
            1 => a * b * (sine + ((Math.PI - angle) * cosine)) / Math.PI,
            _ => a * a * b * b * ((3 * sine * cosine) + ((Math.PI - angle) * (1 + (2 * cosine * cosine)))) / Math.PI,
        };
    }

    private static double[] Lengths<T>(in FeatureRows<T> x)
        where T : unmanaged, INumberBase<T>
        => [.. RowGeometry.SquaredLengths(x).Select(static s => Math.Sqrt(double.CreateChecked(s)))];
}
