using Xunit;

namespace Polyad.Tests.Products;

public class SkinnyProductTests
{
    /// <summary>Columns that turn the same product into a wide one: it goes the general way.</summary>
    private const int Wide = 40;

    [Theory]
    [InlineData(2, 300, 700, true)]
    [InlineData(10, 300, 700, false)]
    [InlineData(10, 71, 2600, true)]
    [InlineData(16, 1037, 40, false)]
    [InlineData(16, 64, 600, true)]
    [InlineData(24, 700, 300, false)]
    [InlineData(31, 45, 3000, true)]
    [InlineData(32, 1100, 515, false)]
    public void A_few_columns_are_the_same_bits_as_many(int columns, int rows, int depth, bool transposed)
    {
        Compare<double>(columns, rows, depth, transposed);
        Compare<float>(columns, rows, 2 * depth, transposed);
    }

    private static void Compare<T>(int columns, int rows, int depth, bool transposed)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        T[] x = new T[rows * depth], k = new T[depth * Wide], old = new T[rows * Wide];
        new CounterRandom(1).Normal<T>(x);
        new CounterRandom(2).Normal<T>(k);
        new CounterRandom(3).Normal<T>(old);
        ReadOnlyMatrixView<T> a = transposed ? new ReadOnlyMatrixView<T>(x, depth, rows).Transpose : new ReadOnlyMatrixView<T>(x, rows, depth);
        ReadOnlyMatrixView<T> b = new(k, depth, Wide);
        foreach ((double alpha, double beta) in new[] { (1.0, 0.0), (1.0, 1.0), (-0.75, 0.3) })
        {
            T[] wide = [.. old], narrow = new T[rows * columns];
            MatrixView<T> target = new(narrow, rows, columns);
            for (int i = 0; i < rows; i++)
            {
                old.AsSpan(i * Wide, columns).CopyTo(narrow.AsSpan(i * columns));
            }

            ManagedBackend.Shared.MatMul(T.CreateTruncating(alpha), a, b, T.CreateTruncating(beta), new MatrixView<T>(wide, rows, Wide));
            foreach (int threads in new[] { 1, 3 })
            {
                T[] before = [.. narrow];
                using IDisposable scope = Parallelism.Use(threads);
                new ManagedBackend(threads).MatMul(T.CreateTruncating(alpha), a, b.Slice(0, 0, depth, columns), T.CreateTruncating(beta), target);
                for (int i = 0; i < rows; i++)
                {
                    Assert.Equal(wide.AsSpan(i * Wide, columns).ToArray(), narrow.AsSpan(i * columns, columns).ToArray());
                }

                before.CopyTo(narrow, 0);
            }
        }
    }
}
