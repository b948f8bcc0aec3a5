using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The ANOVA kernel of degree m: the sum over all m-element sets of columns of the product of x_j y_j (Stitson et al. 1997). O(d m) a pair.</summary>
/// <param name="Degree">m, at least 1 (default 2). Rows shorter than m have kernel 0.</param>
public sealed record AnovaKernel(int Degree = 2) : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => Hyperparameter.AtLeast(Degree, 1);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend) => PairwiseFunction.Fill(x, y, k, Pair);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => PairwiseFunction.FillDiagonal(x, diagonal, Pair);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Anova);
        writer.Set("degree", Degree);
    }

    /// <summary>The elementary symmetric polynomial of x_j y_j, adding one column at a time.</summary>
    private double Pair(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double[] sums = new double[Degree + 1];
        sums[0] = 1;
        for (int j = 0; j < x.Length; j++)
        {
            double product = x[j] * y[j];
            for (int m = Math.Min(Degree, j + 1); m >= 1; m--)
            {
                sums[m] += product * sums[m - 1];
            }
        }

        return sums[Degree];
    }
}

/// <summary>The all-subsets kernel product (1 + x_j y_j): the sum over all sets of columns of the product of x_j y_j.</summary>
public sealed record AllSubsetsKernel : Kernel
{
    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        => PairwiseReduction.Run<OnePlusProduct<T>, T>(x, y, k);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => PairwiseFunction.FillDiagonal(x, diagonal, static (a, b) =>
    {
        double product = 1;
        for (int j = 0; j < a.Length; j++)
        {
            product *= 1 + (a[j] * b[j]);
        }

        return product;
    });

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer) => KernelFile.Write(writer, KernelFile.AllSubsets);
}
