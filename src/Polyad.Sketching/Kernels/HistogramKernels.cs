using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The exponential chi-squared kernel exp(-gamma sum (x - y)^2 / (x + y)) of histograms (entries of at least 0; a term of two zeros is 0).</summary>
/// <param name="Gamma">gamma above 0 (default 1).</param>
public sealed record Chi2Kernel(double Gamma = 1) : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name)
    {
        Hyperparameter.Positive(Gamma);
        RowGeometry.CheckAtLeast(x, 0, strictly: false, "The chi-squared kernel", name);
    }

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        PairwiseReduction.Run<ChiSquaredDistance<T>, T>(x, y, k);
        T factor = T.CreateChecked(-Gamma);
        FeatureMatrix.ForEachRow(k, 0.7, (_, row) =>
        {
            TensorPrimitives.Multiply(row, factor, row);
            ElementMath.Exp(row);
        });
    }

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => diagonal.Fill(T.One);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Chi2);
        writer.Set("gamma", Gamma);
    }
}

/// <summary>
/// The additive chi-squared kernel sum 2 x y / (x + y) of histograms, which <see cref="AdditiveChi2Sampler{T}"/> approximates. scikit-learn's <c>additive_chi2_kernel</c> is the negative
/// distance -sum (x - y)^2 / (x + y), that is twice this one less the sums of both rows.
/// </summary>
public sealed record AdditiveChi2Kernel : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => RowGeometry.CheckAtLeast(x, 0, strictly: false, "The additive chi-squared kernel", name);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        => PairwiseReduction.Run<HarmonicMean<T>, T>(x, y, k);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => RowGeometry.Sums(x, diagonal);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer) => KernelFile.Write(writer, KernelFile.AdditiveChi2);
}

/// <summary>The intersection kernel sum min(x, y) of histograms (entries of at least 0).</summary>
public sealed record IntersectionKernel : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => RowGeometry.CheckAtLeast(x, 0, strictly: false, "The intersection kernel", name);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        => PairwiseReduction.Run<Minimum<T>, T>(x, y, k);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => RowGeometry.Sums(x, diagonal);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer) => KernelFile.Write(writer, KernelFile.Intersection);
}

/// <summary>
/// The Jensen-Shannon kernel of histograms (entries of at least 0): sum (x log2((x + y) / x) + y log2((x + y) / y)) / 2, terms of zeros being 0.
/// </summary>
public sealed record JensenShannonKernel : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => RowGeometry.CheckAtLeast(x, 0, strictly: false, "The Jensen-Shannon kernel", name);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        => PairwiseFunction.Fill(x, y, k, Pair);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => RowGeometry.Sums(x, diagonal);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer) => KernelFile.Write(writer, KernelFile.JensenShannon);

    private static double Pair(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int l = 0; l < x.Length; l++)
        {
            double both = x[l] + y[l];
            sum += (x[l] > 0 ? x[l] * Math.Log2(both / x[l]) : 0) + (y[l] > 0 ? y[l] * Math.Log2(both / y[l]) : 0);
        }

        return sum / 2;
    }
}

/// <summary>The skewed chi-squared kernel product 2 sqrt(x + c) sqrt(y + c) / (x + y + 2c) of entries above -c (Li, Ionescu, Sminchisescu 2010).</summary>
/// <param name="Skewedness">c, at least 0 (default 1).</param>
public sealed record SkewedChi2Kernel(double Skewedness = 1) : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name)
    {
        Hyperparameter.NotNegative(Skewedness);
        RowGeometry.CheckAtLeast(x, -Skewedness, strictly: true, "The skewed chi-squared kernel", name);
    }

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        using Scratch<T> left = Workspace.Rent<T>((nint)x.Rows * x.Columns), right = Workspace.Rent<T>((nint)y.Rows * y.Columns);
        MatrixView<T> a = Roots(x, left), b = Roots(new FeatureRows<T>(y), right);
        PairwiseReduction.Run<GeometricRatio<T>, T>(new FeatureRows<T>((ReadOnlyMatrixView<T>)a), (ReadOnlyMatrixView<T>)b, k);
    }

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => diagonal.Fill(T.One);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.SkewedChi2);
        writer.Set("skewedness", Skewedness);
    }

    /// <summary>sqrt(x + c)</summary>
    private unsafe MatrixView<T> Roots<T>(in FeatureRows<T> x, in Scratch<T> scratch)
        where T : unmanaged, INumberBase<T>
    {
        MatrixView<T> roots = MatrixBlock<T>.RowMajor(scratch.Pointer, x.Rows, x.Columns).AsView();
        x.CopyTo(roots);
        T c = T.CreateChecked(Skewedness);
        FeatureMatrix.ForEachRow(roots, 0.5, (_, row) =>
        {
            TensorPrimitives.Add(row, c, row);
            ElementMath.Sqrt(row);
        });
        return roots;
    }
}
