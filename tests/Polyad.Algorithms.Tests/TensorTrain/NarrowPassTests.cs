using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>The streaming passes against their definitions, on shapes that leave remainders everywhere.</summary>
public unsafe class NarrowPassTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(7, 5, 3, 7)]
    [InlineData(300, 17, 9, 3)]
    [InlineData(1024, 64, 16, 4)]
    [InlineData(999, 50, 20, 1)]
    [InlineData(4096, 128, 31, 2)]
    [InlineData(20000, 33, 32, 5)]
    public void Gram_product_distance_and_next_Gram(int rows, int columns, int kept, int group)
    {
        Check<double>(rows, columns, kept, group, 1e-13);
        Check<float>(rows, columns, kept, group, 5e-5);
    }

    private static void Check<T>(int rows, int columns, int kept, int group, double tolerance)
        where T : unmanaged, INumberBase<T>
    {
        T[] x = new CounterRandom(1).Normal<T>(rows, columns).ToArray(), b = new CounterRandom(2).Normal<T>(kept, columns).ToArray();
        double[] gram = Product(Transposed(Wide(x), rows, columns), columns, rows, Wide(x), columns);
        double[] y = Product(Wide(x), rows, columns, Transposed(Wide(b), kept, columns), kept), model = Product(y, rows, kept, Wide(b), columns);
        double distance = Wide(x).Zip(model, static (p, q) => (p - q) * (p - q)).Sum();
        int lines = rows / group, width = group * kept;
        double[] next = Product(Transposed(y, lines, width), width, lines, y, width);
        foreach (int threads in new[] { 1, 2 })
        {
            T[] g = new T[columns * columns], projected = new T[rows * kept], ng = new T[width * width];
            fixed (T* px = x, pb = b, pg = g, py = projected, pn = ng)
            {
                NarrowPass.Gram(px, rows, columns, pg, new Parallelism(threads));
                double found = NarrowPass.Project(px, rows, columns, pb, kept, py, group, pn, new Parallelism(threads));
                Assert.Equal(distance, found, distance * tolerance);
            }

            Near(gram, g, tolerance);
            Near(y, projected, tolerance);
            Near(next, ng, tolerance);
        }
    }

    private static void Near<T>(double[] expected, T[] actual, double tolerance)
        where T : unmanaged, INumberBase<T>
    {
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], double.CreateChecked(actual[i]), scale * tolerance);
        }
    }

    private static double[] Wide<T>(T[] values)
        where T : unmanaged, INumberBase<T>
        => [.. values.Select(static v => double.CreateChecked(v))];

    private static double[] Product(double[] a, int m, int k, double[] b, int n)
        => LinearAlgebra.MatMul(Tensor.Create(a, [m, k]), Tensor.Create(b, [k, n]), ManagedBackend.Shared).ToArray();

    private static double[] Transposed(double[] a, int rows, int columns) => TensorAlgebra.Permute(Tensor.Create(a, [rows, columns]), [1, 0]).ToArray();
}
