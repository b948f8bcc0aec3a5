using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Trains against the same operation on their full tensors.</summary>
public class TtTensorTests
{
    private const double Tight = 1e-13;

    private static readonly nint[] Lengths = [3, 4, 2, 5];

    [Fact]
    public void Elements_are_those_of_the_product_of_slices()
    {
        Check<double>();
        Check<Complex>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            TtTensor<T> x = Train<T>(1);
            Tensor<T> full = x.Reconstruct();
            T[] elements = full.ToArray();
            Assert.Equal(Lengths, full.Lengths.ToArray());
            List<int> indices = [];
            for (int i = 0; i < elements.Length; i++)
            {
                int[] index = [i / 40, i / 10 % 4, i / 5 % 2, i % 5];
                T definition = T.Zero;
                for (int a = 0; a < 2; a++)
                {
                    for (int b = 0; b < 3; b++)
                    {
                        for (int c = 0; c < 2; c++)
                        {
                            definition += x.Cores[0][0, index[0], a] * x.Cores[1][a, index[1], b] * x.Cores[2][b, index[2], c] * x.Cores[3][c, index[3], 0];
                        }
                    }
                }

                Close(definition, elements[i]);
                Close(definition, x[index]);
                indices.AddRange(index);
            }

            Assert.All(elements.Zip(x.Elements([.. indices])), static p => Close(p.First, p.Second));
        }
    }

    [Fact]
    public void Sums_differences_multiples_and_products()
    {
        Check<double>();
        Check<Complex>();
        Check<float>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            TtTensor<T> x = Train<T>(1), y = Train<T>(5);
            T two = T.One + T.One;
            T[] a = x.Reconstruct().ToArray(), b = y.Reconstruct().ToArray();
            Same((x + y).Reconstruct(), a.Zip(b, static (p, q) => p + q));
            Same((x - y).Reconstruct(), a.Zip(b, static (p, q) => p - q));
            Same((-x).Reconstruct(), a.Select(static p => -p));
            Same((two * x).Reconstruct(), a.Select(p => p * two));
            Same((x * two).Reconstruct(), a.Select(p => p * two));
            Same(x.Hadamard(y).Reconstruct(), a.Zip(b, static (p, q) => p * q));
            Assert.Equal([4, 6, 4], (x + y).Ranks);
            Assert.Equal([4, 9, 4], x.Hadamard(y).Ranks);
            T inner = a.Zip(b, static (p, q) => Scalar.Conjugate(p) * q).Aggregate(static (p, q) => p + q);
            Close(inner, x.Inner(y));
            double norm = Math.Sqrt(a.Sum(static p => Scalar.Square(p)));
            Assert.Equal(norm, x.Norm(), norm * Eps<T>());
            Assert.Equal(Math.Sqrt(a.Zip(b, static (p, q) => Scalar.Square(p - q)).Sum()), x.Distance(y), norm * Eps<T>());
        }
    }

    [Fact]
    public void One_mode_trains_add_too()
    {
        TtTensor<double> x = TtTensor<double>.RankOne([Tensor.Create([1.0, 2, 3], [3])]);
        Assert.Equal([2, 4, 6], (x + x).Reconstruct().ToArray());
        Assert.Equal(Math.Sqrt(14), x.Norm(), 1e-15);
        Assert.Equal(x.Reconstruct().ToArray(), x.Round(0.1).Reconstruct().ToArray());
        Assert.Equal(3, x[2]);
    }

    [Fact]
    public void The_norm_of_a_small_difference_keeps_its_digits_and_long_trains_do_not_overflow()
    {
        TtTensor<double> x = Train<double>(1);
        TtTensor<double> difference = x - ((1 + 1e-12) * x);
        Assert.InRange(difference.Norm() / x.Norm(), 0.99e-12, 1.01e-12);

        // 1000 modes of 10 ones each of size 3: the norm is 3^1000 10^500, beyond double; the square would be beyond at half of it.
        TtTensor<double> huge = TtTensor<double>.RankOne([.. Enumerable.Range(0, 300).Select(static _ => Tensor.Create([.. Enumerable.Repeat(3.0, 4)], [4]))]);
        Assert.Equal(1, huge.Norm() / Math.Pow(6, 300), 1e-13);
    }

    [Fact]
    public void Slices_parts_and_contractions()
    {
        Check<double>();
        Check<Complex>();

        static void Check<T>()
            where T : unmanaged, INumberBase<T>
        {
            TtTensor<T> x = Train<T>(1) with { Modes = ModeLabel.Names("a", "b", "c", "d") };
            Tensor<T> full = x.Reconstruct();
            for (int mode = 0; mode < 4; mode++)
            {
                NRange[] ranges = [.. Enumerable.Repeat(NRange.All, 4)];
                ranges[mode] = 1..2;
                TtTensor<T> slice = x.Slice(mode, 1);
                Same(slice.Reconstruct(), full.Slice(ranges).ToArray());
                Assert.Equal(3, slice.Modes!.Count);
                Tensor<T> vector = Chain.Normal<T>(new CounterRandom(9), [Lengths[mode]], 1), matrix = Chain.Normal<T>(new CounterRandom(10), [3, Lengths[mode]], 1);
                Tensor<T> definition = Contracted(full, matrix, mode), row = Contracted(full, Tensor.Create(vector.ToArray(), [1, Lengths[mode]]), mode);
                Same(x.ModeProduct(mode, matrix).Reconstruct(), definition.ToArray());
                Same(x.Contract(mode, vector).Reconstruct(), row.ToArray());
            }

            Same(x.Part(1..3, 0..4, 1..2, 2..5).Reconstruct(), full.Slice([1..3, 0..4, 1..2, 2..5]).ToArray());
            Tensor<T>[] vectors = [.. Lengths.Select((n, k) => Chain.Normal<T>(new CounterRandom(20, (ulong)k), [n], 1))];
            T all = T.Zero;
            T[] elements = full.ToArray();
            for (int i = 0; i < elements.Length; i++)
            {
                all += elements[i] * vectors[0][i / 40] * vectors[1][i / 10 % 4] * vectors[2][i / 5 % 2] * vectors[3][i % 5];
            }

            Close(all, x.Contract(vectors));
        }
    }

    [Fact]
    public void Constants_and_outer_products()
    {
        Assert.All(TtTensor<float>.Constant([2, 3, 4], 7).Reconstruct().ToArray(), static v => Assert.Equal(7, v));
        Tensor<double> a = Tensor.Create([1.0, 2], [2]), b = Tensor.Create([3.0, 4, 5], [3]);
        Assert.Equal([3, 4, 5, 6, 8, 10], TtTensor<double>.RankOne([a, b]).Reconstruct().ToArray());
    }

    [Fact]
    public void Draws_have_about_unit_variance_and_do_not_depend_on_threads()
    {
        TtTensor<double> x = TtTensor<double>.Random(new CounterRandom(3), [20, 20, 20], [40, 40]);
        double[] elements = x.Reconstruct().ToArray();
        Assert.InRange(elements.Sum(static v => v * v) / elements.Length, 0.8, 1.2);
        using (Parallelism.Use(1))
        {
            Assert.Equal(elements, TtTensor<double>.Random(new CounterRandom(3), [20, 20, 20], [40, 40]).Reconstruct().ToArray());
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        TtTensor<double> x = Train<double>(1), other = TtTensor<double>.Random(new CounterRandom(1), [3, 4, 2], [2, 2]);
        Assert.Throws<ArgumentException>(() => x + other);
        Assert.Throws<ArgumentException>(() => x.Inner(other));
        Assert.Throws<ArgumentException>(() => x[0, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => x[0, 4, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, 3));
        Assert.Throws<ArgumentException>(() => x.Contract(0, Tensor.Create([1.0], [1])));
        Assert.Throws<ArgumentException>(() => x.Part(0..3, 0..4, 0..2));
        Assert.Throws<ArgumentException>(() => x.Part(0..3, 0..4, 0..2, 2..2));
        Assert.Throws<ArgumentException>(() => x.Round([1, 2]));
        Assert.Throws<ArgumentException>(() => x.Round([1, 0, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Round(double.NaN));
        Assert.Throws<ArgumentException>(() => x.Permute([0, 1, 1, 2]));
        Assert.Throws<ArgumentException>(() => new TtTensor<double>([]));
        Assert.Throws<ArgumentException>(() => new TtTensor<double>([Tensor.CreateFromShape<double>([1, 3, 2]), Tensor.CreateFromShape<double>([3, 3, 1])]));
        Assert.Throws<ArgumentException>(() => new TtTensor<double>([Tensor.CreateFromShape<double>([2, 3, 1])]));
        Assert.Throws<NotSupportedException>(() => new TtTensor<int>([Tensor.Create([1, 2, 3], [1, 3, 1])]));
        Assert.Throws<ArgumentException>(() => Train<double>(1) with { Modes = ModeLabel.Names("a") });
    }

    internal static TtTensor<T> Train<T>(ulong seed)
        where T : unmanaged, INumberBase<T>
        => TtTensor<T>.Random(new CounterRandom(seed), Lengths, [2, 3, 2]);

    internal static double Eps<T>() => typeof(T) == typeof(float) ? 2e-5 : Tight;

    internal static void Close<T>(T expected, T actual)
        where T : unmanaged, INumberBase<T>
        => Assert.True(double.CreateChecked(T.Abs(expected - actual)) < Eps<T>() * (1 + double.CreateChecked(T.Abs(expected))), $"{expected} {actual}");

    internal static void Same<T>(Tensor<T> actual, IEnumerable<T> expected)
        where T : unmanaged, INumberBase<T>
    {
        T[] a = actual.ToArray(), e = [.. expected];
        Assert.Equal(e.Length, a.Length);
        double scale = e.Max(static v => double.CreateChecked(T.Abs(v)));
        for (int i = 0; i < a.Length; i++)
        {
            Assert.True(double.CreateChecked(T.Abs(a[i] - e[i])) <= Eps<T>() * scale, $"{i}: {a[i]} {e[i]}");
        }
    }

    private static Tensor<T> Contracted<T>(Tensor<T> x, Tensor<T> matrix, int mode)
        where T : unmanaged, INumberBase<T>
    {
        nint[] lengths = x.Lengths.ToArray();
        nint left = lengths[..mode].Aggregate((nint)1, static (p, n) => p * n), length = lengths[mode], right = lengths[(mode + 1)..].Aggregate((nint)1, static (p, n) => p * n), rows = matrix.Lengths[0];
        T[] source = x.ToArray(), target = new T[left * rows * right];
        for (nint l = 0; l < left; l++)
        {
            for (nint i = 0; i < rows; i++)
            {
                for (nint r = 0; r < right; r++)
                {
                    for (nint k = 0; k < length; k++)
                    {
                        target[(((l * rows) + i) * right) + r] += matrix[i, k] * source[(((l * length) + k) * right) + r];
                    }
                }
            }
        }

        lengths[mode] = rows;
        return Tensor.Create(target, lengths);
    }
}
