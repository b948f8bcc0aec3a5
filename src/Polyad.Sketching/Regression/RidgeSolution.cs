using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Coefficients (D x k) and intercepts (k) of a ridge regression.</summary>
internal sealed record RidgeSolution(Tensor<double> Coefficients, double[] Intercept)
{
    /// <summary>(Z'Z + alpha I) W = Z'Y, with features and targets centred where an intercept is fitted.</summary>
    public static RidgeSolution Primal(RidgeMoments moments, double alpha, bool intercept, ILinearAlgebraBackend backend)
    {
        int d = moments.FeatureSums.Length, k = moments.TargetSums.Length;
        Tensor<double> gram = moments.Gram.AsReadOnlyMatrix().ToTensor(), cross = moments.Cross.AsReadOnlyMatrix().ToTensor();
        double[] featureMean = Mean(moments.FeatureSums, moments.Count, intercept), targetMean = Mean(moments.TargetSums, moments.Count, intercept);
        Span<double> g = LinearAlgebra.Elements(gram), c = LinearAlgebra.Elements(cross);
        for (int i = 0; i < d; i++)
        {
            TensorPrimitives.MultiplyAdd(featureMean, -moments.Count * featureMean[i], g.Slice(i * d, d), g.Slice(i * d, d));
            TensorPrimitives.MultiplyAdd(targetMean, -moments.Count * featureMean[i], c.Slice(i * k, k), c.Slice(i * k, k));
            g[(i * d) + i] += alpha;
        }

        return WithIntercept(PositiveSystem(gram, cross, backend), featureMean, targetMean);
    }

    /// <summary>W = Z'(Z Z' + alpha I)^(-1) Y: the same for fewer rows than features.</summary>
    public static RidgeSolution Dual(Tensor<double> z, Tensor<double> y, double alpha, bool intercept, ILinearAlgebraBackend backend)
    {
        int n = (int)z.Lengths[0];
        double[] featureMean = Center(z, intercept), targetMean = Center(y, intercept);
        Tensor<double> kernel = LinearAlgebra.Gram(z, backend);
        Span<double> k = LinearAlgebra.Elements(kernel);
        for (int i = 0; i < n; i++)
        {
            k[(i * n) + i] += alpha;
        }

        Tensor<double> dual = PositiveSystem(kernel, y, backend);
        return WithIntercept(LinearAlgebra.MatMul(z.AsReadOnlyMatrix().Transpose, dual.AsReadOnlyMatrix(), backend), featureMean, targetMean);
    }

    /// <summary>Y = Z W + intercept.</summary>
    public void Predict<T>(in ReadOnlyMatrixView<T> z, Tensor<T> coefficients, in MatrixView<T> y, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        backend.MatMul(T.One, z, coefficients.AsReadOnlyMatrix(), T.Zero, y);
        T[] intercept = [.. Intercept.Select(T.CreateSaturating)];
        FeatureMatrix.ForEachRow(y, 0.1, (_, row) => TensorPrimitives.Add(row, intercept, row));
    }

    private static RidgeSolution WithIntercept(Tensor<double> coefficients, double[] featureMean, double[] targetMean)
    {
        ReadOnlyMatrixView<double> w = coefficients.AsReadOnlyMatrix();
        double[] intercept = [.. targetMean];
        for (int i = 0; i < w.Rows; i++)
        {
            for (int j = 0; j < w.Columns; j++)
            {
                intercept[j] -= featureMean[i] * w[i, j];
            }
        }

        return new RidgeSolution(coefficients, intercept);
    }

    /// <summary>By Cholesky; where rounding or alpha = 0 leave the matrix without a factor, the least solution by its eigenvectors.</summary>
    private static Tensor<double> PositiveSystem(Tensor<double> a, Tensor<double> b, ILinearAlgebraBackend backend)
    {
        try
        {
            return LinearAlgebra.SolvePositiveDefinite(a, b, backend);
        }
        catch (NotPositiveDefiniteException)
        {
            EigenResult<double> eigen = LinearAlgebra.SymmetricEigen(a, backend);
            double[] values = LinearAlgebra.Elements(eigen.Values).ToArray();
            double cut = values.Length * LinearAlgebra.Epsilon<double>() * Math.Abs(values[^1]);
            Tensor<double> rotated = LinearAlgebra.MatMul(eigen.Vectors.AsReadOnlyMatrix().Transpose, b.AsReadOnlyMatrix(), backend);
            FeatureMatrix.ForEachRow(rotated.AsMatrix(), 0.2, (i, row) => TensorPrimitives.Multiply<double>(row, values[i] > cut ? 1 / values[i] : 0, row));
            return LinearAlgebra.MatMul(eigen.Vectors, rotated, backend);
        }
    }

    private static double[] Mean(double[] sums, double count, bool wanted) => [.. sums.Select(s => wanted ? s / count : 0)];

    private static double[] Center(Tensor<double> rows, bool wanted)
    {
        double[] mean = wanted ? ColumnMoments.Of<double>(rows).Mean : new double[rows.Lengths[1]];
        FeatureMatrix.ForEachRow(rows.AsMatrix(), 0.1, (_, row) => TensorPrimitives.Subtract<double>(row, mean, row));
        return mean;
    }
}
