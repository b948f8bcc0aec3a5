using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching.LowRank;

/// <summary>Matrices with known singular values or eigenvalues, and what tests measure of them.</summary>
internal static class Spectra
{
    /// <summary>The spectra of LAPACK's test generators (xLATMS) with condition number 1e6, and one that falls like 1 / i.</summary>
    public static double[] Values(string kind, int count) => kind switch
    {
        "one-large" => [.. Enumerable.Range(0, count).Select(static i => i == 0 ? 1 : 1e-6)],
        "geometric" => [.. Enumerable.Range(0, count).Select(i => Math.Pow(1e-6, i / (count - 1.0)))],
        "linear" => [.. Enumerable.Range(0, count).Select(i => 1 - (i / (count - 1.0) * (1 - 1e-6)))],
        "random-logarithms" => [.. new CounterRandom(9).Uniform<double>(count).ToArray().Select(static u => Math.Pow(1e-6, u)).OrderDescending()],
        "harmonic" => [.. Enumerable.Range(1, count).Select(static i => 1.0 / i)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>U diag(s) V^T with random orthonormal U and V.</summary>
    public static Tensor<double> Matrix(int rows, int columns, double[] values, ulong seed = 1)
    {
        Tensor<double> u = LinearAlgebra.Qr(new CounterRandom(seed, 11).Normal<double>(rows, values.Length)).Q, v = LinearAlgebra.Qr(new CounterRandom(seed, 12).Normal<double>(columns, values.Length)).Q;
        for (int j = 0; j < values.Length; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                u[i, j] *= values[j];
            }
        }

        return LinearAlgebra.MatMul(u.AsReadOnlyMatrix(), v.AsReadOnlyMatrix().Transpose);
    }

    /// <summary>V diag(w) V^T, exactly symmetric.</summary>
    public static Tensor<double> Symmetric(int order, double[] values, ulong seed = 1)
    {
        Tensor<double> v = LinearAlgebra.Qr(new CounterRandom(seed, 13).Normal<double>(order, values.Length)).Q, scaled = v.AsReadOnlyMatrix().ToTensor();
        for (int j = 0; j < values.Length; j++)
        {
            for (int i = 0; i < order; i++)
            {
                scaled[i, j] *= values[j];
            }
        }

        Tensor<double> a = LinearAlgebra.MatMul(scaled.AsReadOnlyMatrix(), v.AsReadOnlyMatrix().Transpose);
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j < i; j++)
            {
                a[i, j] = a[j, i];
            }
        }

        return a;
    }

    public static Tensor<float> Single(Tensor<double> a)
        => Tensor.Create([.. a.ToArray().Select(static v => (float)v)], a.Lengths);

    /// <summary>The matrix behind code, which knows no norm.</summary>
    public static LinearOperator<double> Code(Tensor<double> a) => LinearOperator.FromProducts<double>(
        (int)a.Lengths[0], (int)a.Lengths[1],
        (in ReadOnlyMatrixView<double> x, in MatrixView<double> y) => Backend.Current.MatMul(1, a.AsReadOnlyMatrix(), x, 0, y),
        (in ReadOnlyMatrixView<double> x, in MatrixView<double> y) => Backend.Current.MatMul(1, a.AsReadOnlyMatrix().Transpose, x, 0, y));

    public static double SpectralDistance(Tensor<double> a, Tensor<double> b) => LinearAlgebra.SingularValues(Difference(a, b))[0];

    public static double FrobeniusDistance(Tensor<double> a, Tensor<double> b) => LinearAlgebra.Norm(Difference(a, b));

    /// <summary>||(I - Q Q^T) A||.</summary>
    public static double RangeError(Tensor<double> a, Tensor<double> q)
        => SpectralDistance(a, LinearAlgebra.MatMul(q.AsReadOnlyMatrix(), LinearAlgebra.MatMul(q.AsReadOnlyMatrix().Transpose, a.AsReadOnlyMatrix()).AsReadOnlyMatrix()));

    /// <summary>The largest entry of |Q^T Q - I|.</summary>
    public static double Unorthogonality<T>(Tensor<T> q)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> gram = LinearAlgebra.Gram(q.AsReadOnlyMatrix().Transpose);
        double worst = 0;
        for (int i = 0; i < gram.Lengths[0]; i++)
        {
            for (int j = 0; j < gram.Lengths[0]; j++)
            {
                worst = Math.Max(worst, Math.Abs(double.CreateChecked(gram[i, j]) - (i == j ? 1 : 0)));
            }
        }

        return worst;
    }

    private static Tensor<double> Difference(Tensor<double> a, Tensor<double> b)
    {
        Tensor<double> difference = Tensor.CreateFromShape<double>(a.Lengths);
        for (int i = 0; i < a.Lengths[0]; i++)
        {
            for (int j = 0; j < a.Lengths[1]; j++)
            {
                difference[i, j] = a[i, j] - b[i, j];
            }
        }

        return difference;
    }
}
