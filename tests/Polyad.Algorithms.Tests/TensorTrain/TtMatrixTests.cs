using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class TtMatrixTests
{
    private static readonly nint[] Rows = [3, 2, 4], Columns = [2, 5, 3];

    [Fact]
    public void Multi_indices_are_row_major()
    {
        TtMatrix<double> a = Matrix<double>(1);
        Tensor<double> full = a.Reconstruct();
        Assert.Equal([24, 30], full.Lengths.ToArray());
        for (int i = 0; i < 24; i++)
        {
            for (int j = 0; j < 30; j++)
            {
                Assert.Equal(full[i, j], a[[i / 8, i / 4 % 2, i % 4], [j / 15, j / 3 % 5, j % 3]], 1e-13);
            }
        }

        Tensor<double> x = new CounterRandom(2).Normal<double>(2, 3), y = new CounterRandom(3).Normal<double>(4, 5);
        TtTensorTests.Same(TtMatrix<double>.Kronecker([x, y]).Reconstruct(), LinearAlgebra.Kronecker(x, y).ToArray());
    }

    [Fact]
    public void Products_with_trains_dense_vectors_and_matrices_are_those_of_the_full_matrix()
    {
        Check<double>();
        Check<Complex>();
        Check<float>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            TtMatrix<T> a = Matrix<T>(1), b = TtMatrix<T>.Random(new CounterRandom(2), Columns, [2, 3, 2], [2, 3]);
            T[] fullA = a.Reconstruct().ToArray(), fullB = b.Reconstruct().ToArray();
            TtTensor<T> x = TtTensor<T>.Random(new CounterRandom(3), Columns, [2, 2]);
            T[] dense = x.Reconstruct().ToArray();
            T[] product = Product(fullA, 24, 30, dense, 1);
            TtTensorTests.Same((a * x).Reconstruct(), product);
            Assert.Equal([4, 6], (a * x).Ranks);
            TtTensorTests.Same(a.Apply(Tensor.Create(dense, [30])), product);
            TtTensorTests.Same(a.Apply(Tensor.Create(dense, Columns)), product);
            Assert.Equal(Rows, a.Apply(Tensor.Create(dense, Columns)).Lengths.ToArray());
            TtTensorTests.Same((a * b).Reconstruct(), Product(fullA, 24, 30, fullB, 12));
            TtTensorTests.Same(a.Apply(b.Reconstruct()), Product(fullA, 24, 30, fullB, 12));
            TtTensorTests.Same(a.Transpose().Reconstruct(), TensorAlgebra.Permute(a.Reconstruct(), [1, 0]).ToArray());
            TtTensorTests.Same(a.Adjoint().Reconstruct(), TensorAlgebra.Permute(a.Reconstruct(), [1, 0]).ToArray().Select(static v => Scalar.Conjugate(v)));
        }
    }

    [Fact]
    public void Arithmetic_trace_and_norm()
    {
        TtMatrix<double> a = Matrix<double>(1), b = Matrix<double>(5);
        double[] x = a.Reconstruct().ToArray(), y = b.Reconstruct().ToArray();
        TtTensorTests.Same((a + b).Reconstruct(), x.Zip(y, static (p, q) => p + q));
        TtTensorTests.Same((a - b).Reconstruct(), x.Zip(y, static (p, q) => p - q));
        TtTensorTests.Same((3 * a).Reconstruct(), x.Select(static p => 3 * p));
        TtTensorTests.Same(a.Hadamard(b).Reconstruct(), x.Zip(y, static (p, q) => p * q));
        Assert.Equal(x.Zip(y, static (p, q) => p * q).Sum(), a.Inner(b), 1e-11);
        Assert.Equal(Math.Sqrt(x.Sum(static p => p * p)), a.Norm(), 1e-11);
        TtMatrix<double> rounded = (a + a).Round(1e-12);
        Assert.Equal([2, 3], rounded.Ranks);
        TtTensorTests.Same(rounded.Reconstruct(), x.Select(static p => 2 * p));
        TtMatrix<double> square = TtMatrix<double>.Random(new CounterRandom(6), [2, 3, 2], [2, 3, 2], [2, 2]);
        Tensor<double> full = square.Reconstruct();
        Assert.Equal(Enumerable.Range(0, 12).Sum(i => full[i, i]), square.Trace(), 1e-12);
        Assert.Throws<InvalidOperationException>(() => a.Trace());
        Assert.Equal(12, TtMatrix<double>.Identity(2, 3, 2).Trace());
        TtTensorTests.Same((TtMatrix<double>.Identity(Columns) * TtTensor<double>.Random(new CounterRandom(3), Columns, [2, 2])).Reconstruct(), TtTensor<double>.Random(new CounterRandom(3), Columns, [2, 2]).Reconstruct().ToArray());
    }

    [Fact]
    public void A_dense_matrix_is_taken_apart_and_put_together_again()
    {
        // The second difference matrix of 2^6 points has train ranks of 3, its inverse of at most 5 (Kazeev and Khoromskij 2012).
        const int n = 64;
        double[] green = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                green[(i * n) + j] = (Math.Min(i, j) + 1.0) * (n - Math.Max(i, j)) / (n + 1);
            }
        }

        int[] twos = [.. Enumerable.Repeat(2, 6)];
        TensorTrainMatrixResult<double> result = new TensorTrain { Tolerance = 1e-12 }.FitMatrix(Tensor.Create(green, [n, n]), twos, twos);
        Assert.Equal(5, result.Ranks.Max());
        Assert.True(result.RelativeError < 1e-13);
        Assert.True(Planted.Distance(Tensor.Create(green, [n, n]), result.Reconstruct()) < 1e-13);

        // Applied to the second difference matrix it gives the identity.
        Tensor<double> second = Tensor.CreateFromShape<double>([n, n]);
        for (int i = 0; i < n; i++)
        {
            second[i, i] = 2;
            if (i > 0)
            {
                second[i, i - 1] = second[i - 1, i] = -1;
            }
        }

        TensorTrainMatrixResult<double> difference = new TensorTrain { Tolerance = 1e-13 }.FitMatrix(second, twos, twos);
        Assert.Equal(3, difference.Ranks.Max());
        TtMatrix<double> product = (difference * result).Round(1e-10);
        Assert.All(product.Ranks, static r => Assert.Equal(1, r));
        Assert.True((product - TtMatrix<double>.Identity([.. twos.Select(static t => (nint)t)])).Norm() < 1e-9);
        Assert.Equal([4, 5], new TensorTrain().FitMatrix(Matrix<double>(1).Reconstruct(), [3, 2, 4], [2, 5, 3], [4, 5]).Ranks);
        Assert.Throws<ArgumentException>(() => new TensorTrain().FitMatrix(second, [2, 2], twos));
        Assert.Throws<ArgumentException>(() => new TensorTrain().FitMatrix(second, [8, 4], [8, 8]));
    }

    [Fact]
    public void A_matrix_survives_the_disk_and_what_does_not_fit_is_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");
        try
        {
            TensorTrainMatrixResult<double> fit = new TensorTrain().FitMatrix(Matrix<double>(1).Reconstruct(), [3, 2, 4], [2, 5, 3]);
            fit.Save(path);
            TensorTrainMatrixResult<double> read = TensorTrainMatrixResult<double>.Load(path);
            Assert.All(fit.Cores.Zip(read.Cores), static p => Assert.Equal(p.First.ToArray(), p.Second.ToArray()));
            Assert.Equal(fit.RelativeError, read.RelativeError);
            Assert.Equal(Rows, TtMatrix<double>.Load(path).RowLengths);
        }
        finally
        {
            File.Delete(path);
        }

        TtMatrix<double> a = Matrix<double>(1);
        Assert.Throws<ArgumentException>(() => a + a.Transpose());
        Assert.Throws<ArgumentException>(() => a * a);
        Assert.Throws<ArgumentException>(() => a * TtTensor<double>.Constant(Rows, 1));
        Assert.Throws<ArgumentException>(() => a.Apply(Tensor.CreateFromShape<double>([29])));
        Assert.Throws<ArgumentException>(() => TtMatrix<double>.FromTensor(a.AsTensor(), Columns, Columns));
        Assert.Throws<ArgumentOutOfRangeException>(() => a[[0, 2, 0], [0, 0, 0]]);
    }

    private static T[] Product<T>(T[] a, int m, int k, T[] b, int n)
        where T : unmanaged, INumberBase<T>
    {
        T[] c = new T[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int p = 0; p < k; p++)
                {
                    c[(i * n) + j] += a[(i * k) + p] * b[(p * n) + j];
                }
            }
        }

        return c;
    }

    private static TtMatrix<T> Matrix<T>(ulong seed)
        where T : unmanaged, INumberBase<T>
        => TtMatrix<T>.Random(new CounterRandom(seed), Rows, Columns, [2, 3]);
}
