using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Rings against the same operation on their full tensors.</summary>
public class TrTensorTests
{
    private static readonly nint[] Lengths = [4, 3, 5];

    [Fact]
    public void Elements_are_traces_of_products_of_slices()
    {
        Check<double>();
        Check<Complex>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            TrTensor<T> x = Ring<T>(1);
            T[] full = x.Reconstruct().ToArray();
            for (int i = 0; i < 60; i++)
            {
                int[] index = [i / 15, i / 5 % 3, i % 5];
                T trace = T.Zero;
                for (int a = 0; a < 2; a++)
                {
                    for (int b = 0; b < 3; b++)
                    {
                        for (int c = 0; c < 2; c++)
                        {
                            trace += x.Cores[0][a, index[0], b] * x.Cores[1][b, index[1], c] * x.Cores[2][c, index[2], a];
                        }
                    }
                }

                TtTensorTests.Close(trace, full[i]);
                TtTensorTests.Close(trace, x[index]);
            }

            TtTensorTests.Same(x.ToTrain().Reconstruct(), full);
            Assert.Equal([6, 4], x.ToTrain().Ranks);
            TtTensorTests.Same(x.Rotate(1).Reconstruct(), TensorAlgebra.Permute(x.Reconstruct(), [1, 2, 0]).ToArray());
            TtTensorTests.Same(x.Rotate(-1).Reconstruct(), TensorAlgebra.Permute(x.Reconstruct(), [2, 0, 1]).ToArray());
        }
    }

    [Fact]
    public void Arithmetic_norm_and_distance()
    {
        Check<double>();
        Check<Complex>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            TrTensor<T> x = Ring<T>(1), y = Ring<T>(5);
            T[] a = x.Reconstruct().ToArray(), b = y.Reconstruct().ToArray();
            TtTensorTests.Same((x + y).Reconstruct(), a.Zip(b, static (p, q) => p + q));
            TtTensorTests.Same((x - y).Reconstruct(), a.Zip(b, static (p, q) => p - q));
            TtTensorTests.Same((T.CreateChecked(3) * x).Reconstruct(), a.Select(static p => T.CreateChecked(3) * p));
            TtTensorTests.Same(x.Hadamard(y).Reconstruct(), a.Zip(b, static (p, q) => p * q));
            TtTensorTests.Close(a.Zip(b, static (p, q) => Scalar.Conjugate(p) * q).Aggregate(static (p, q) => p + q), x.Inner(y));
            double norm = Math.Sqrt(a.Sum(static p => Scalar.Square(p)));
            Assert.Equal(norm, x.Norm(), 1e-12 * norm);
            Assert.Equal(Math.Sqrt(a.Zip(b, static (p, q) => Scalar.Square(p - q)).Sum()), x.Distance(y), 1e-12 * norm);
        }
    }

    [Fact]
    public void One_mode_and_two_mode_rings()
    {
        TrTensor<double> one = TrTensor<double>.Random(new CounterRandom(1), [6], [3]);
        TtTensorTests.Same(one.Reconstruct(), Enumerable.Range(0, 6).Select(i => one.Cores[0][0, i, 0] + one.Cores[0][1, i, 1] + one.Cores[0][2, i, 2]));
        TtTensorTests.Same(one.ToTrain().Reconstruct(), one.Reconstruct().ToArray());
        TrTensor<double> two = TrTensor<double>.Random(new CounterRandom(2), [4, 5], [2, 3]);
        TtTensorTests.Same(two.ToTrain().Reconstruct(), two.Reconstruct().ToArray());
        Assert.Equal(two[1, 2], two.Reconstruct()[1, 2], 1e-13);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        TrTensor<double> x = Ring<double>(1);
        Assert.Throws<ArgumentException>(() => x + TrTensor<double>.Random(new CounterRandom(1), [4, 3], [2, 2]));
        Assert.Throws<ArgumentException>(() => x[0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => x[0, 3, 0]);
        Assert.Throws<ArgumentException>(() => new TrTensor<double>([x.Cores[0], x.Cores[0]]));
        Assert.Throws<ArgumentException>(() => new TrTensor<double>([]));
        Assert.Throws<ArgumentException>(() => TrTensor<double>.Random(new CounterRandom(1), [4, 3], [2]));
    }

    internal static TrTensor<T> Ring<T>(ulong seed)
        where T : unmanaged, INumberBase<T>
        => TrTensor<T>.Random(new CounterRandom(seed), Lengths, [2, 3, 2]);
}
