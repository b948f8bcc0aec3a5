using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tensors;

/// <summary>The managed engine's own tiles for low ranks, at sizes that leave something over everywhere: lanes, pairs of lines, blocks, chunks of columns.</summary>
public sealed class StreamedMttkrpTests
{
    private static readonly nint[][] Shapes = [[5, 37, 131], [2, 3, 5, 7, 67], [33, 9, 3], [41, 17], [1, 1031, 70], [70, 1, 1031], [90, 6, 5, 4], [3, 1100, 130], [40, 1201], [140, 6, 135], [1, 40, 1, 130]];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(35)]
    [InlineData(50)]
    public void Every_shape_and_rank_matches_the_definition(int rank)
    {
        Check<double>(rank);
        Check<float>(rank);
    }

    [Fact]
    public void An_entry_that_is_not_finite_reaches_its_own_line_only()
    {
        Tensor<double> x = DenseReference.Random<double>(new Random(3), 40, 11, 67);
        x[7, 4, 66] = double.NaN;
        x[7, 5, 0] = double.PositiveInfinity;
        Tensor<double>[] factors = [.. new nint[] { 40, 11, 67 }.Select(n => DenseReference.Random<double>(new Random(4), n, 10))];
        for (int mode = 0; mode < 3; mode++)
        {
            double[,] g = DenseReference.Matrix(TensorAlgebra.Mttkrp<double>(x, factors, mode, new ManagedBackend(1)));
            int[] touched = mode == 0 ? [7] : mode == 1 ? [4, 5] : [0, 66];
            for (int i = 0; i < g.GetLength(0); i++)
            {
                Assert.Equal(!touched.Contains(i), Enumerable.Range(0, 10).All(r => double.IsFinite(g[i, r])));
            }
        }
    }

    private static void Check<T>(int rank)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(11);
        double eps = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        foreach (nint[] shape in Shapes)
        {
            Tensor<T> x = DenseReference.Random<T>(random, shape);
            Tensor<T>[] factors = [.. shape.Select(n => DenseReference.Random<T>(random, n, rank))];
            for (int mode = 0; mode < shape.Length; mode++)
            {
                double[,] u = DenseReference.Unfold(x, mode), k = DenseReference.KhatriRao(factors, mode, rank);
                double[] got = [.. TensorAlgebra.Mttkrp<T>(x, factors, mode, new ManagedBackend(1)).ToArray().Select(double.CreateChecked)];
                double[] shared = [.. TensorAlgebra.Mttkrp<T>(x, factors, mode, new ManagedBackend(3)).ToArray().Select(double.CreateChecked)];
                Assert.Equal(got, shared);
                int terms = u.GetLength(1);
                for (int i = 0; i < u.GetLength(0); i++)
                {
                    for (int r = 0; r < rank; r++)
                    {
                        double sum = 0, size = 0;
                        for (int j = 0; j < terms; j++)
                        {
                            sum += u[i, j] * k[j, r];
                            size += Math.Abs(u[i, j] * k[j, r]);
                        }

                        // Higham 2002, (3.5): n terms in any order, each a product of as many factors as there are modes.
                        Assert.True(Math.Abs(got[(i * rank) + r] - sum) <= (terms + shape.Length) * eps * size, $"{string.Join('x', shape)} rank {rank} mode {mode} at ({i}, {r})");
                    }
                }
            }
        }
    }
}
