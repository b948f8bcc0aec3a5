using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The leading principal axes of weighted rows: of all features of a given number that are linear in a row, the projections to them leave the least of the linear kernel (Eckart and Young 1936).
/// </summary>
internal sealed class PrincipalAxes
{
    private PrincipalAxes(Tensor<double> axes, double[] residuals) => (Axes, Residuals) = (axes, residuals);

    /// <summary>d x r, columns of length 1, the leading one first.</summary>
    public Tensor<double> Axes { get; }

    /// <summary>The sum over sampled pairs of the squared part of the kernel that the first axes leave, by their number 0..r.</summary>
    public double[] Residuals { get; }

    /// <summary>The axes of some rows, judged on the pairs of others.</summary>
    /// <param name="rows">n x d, weighted.</param>
    /// <param name="most">At most so many axes.</param>
    /// <param name="sample">The pairs.</param>
    /// <param name="sampled">Their rows, m x d.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="backend">The engine.</param>
    public static PrincipalAxes Of(Tensor<double> rows, int most, PairSample sample, Tensor<double> sampled, double[] weights, ILinearAlgebraBackend? backend)
    {
        int n = (int)rows.Lengths[0], d = (int)rows.Lengths[1], count = Math.Min(most, Math.Min(n, d)), m = sample.Rows;
        ReadOnlyMatrixView<double> x = rows.AsReadOnlyMatrix();
        EigenResult<double> eigen = LinearAlgebra.SymmetricEigen(LinearAlgebra.Gram(d <= n ? x.Transpose : x, backend), backend);
        int size = Math.Min(n, d);
        ReadOnlyMatrixView<double> leading = eigen.Vectors.AsReadOnlyMatrix().Slice(0, size - count, size, count);
        Tensor<double> ascending = d <= n ? leading.ToTensor() : LinearAlgebra.MatMul(x.Transpose, leading, backend), axes = FreshMemory.Zeros<double>([d, count]);
        Span<double> target = LinearAlgebra.Elements(axes), source = LinearAlgebra.Elements(ascending);
        for (int c = 0; c < count; c++)
        {
            // Eigenvalues ascend; the axes of rows fewer than their length are not yet of length 1.
            double norm = 0;
            for (int j = 0; j < d; j++)
            {
                double v = source[(j * count) + count - 1 - c];
                target[(j * count) + c] = v;
                norm += v * v;
            }

            double scale = norm > 0 ? 1 / Math.Sqrt(norm) : 0;
            for (int j = 0; j < d; j++)
            {
                target[(j * count) + c] *= scale;
            }
        }

        Tensor<double> projected = LinearAlgebra.MatMul(sampled.AsReadOnlyMatrix(), axes.AsReadOnlyMatrix(), backend);
        ReadOnlySpan<double> p = LinearAlgebra.Elements(projected);
        double[] residuals = new double[count + 1];
        for (int i = 0, pair = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++, pair++)
            {
                double rest = sample.Inner[pair], weight = weights[i] * weights[j];
                double factor = sample.Counts[pair] * weight * weight;
                for (int r = 0; r <= count; r++)
                {
                    residuals[r] += factor * rest * rest;
                    rest -= r < count ? p[(i * count) + r] * p[(j * count) + r] : 0;
                }
            }
        }

        // Where the axes span everything what is left is rounding.
        if (count == d)
        {
            residuals[count] = 0;
        }

        return new(axes, residuals);
    }

    /// <summary>The first axes.</summary>
    public Tensor<double> First(int count) => Axes.AsReadOnlyMatrix().Slice(0, 0, (int)Axes.Lengths[0], count).ToTensor();
}
