using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tensors;

public class UnfoldTests
{
    private static Tensor<double> Arange(params nint[] lengths) => Tensor.Create([.. Enumerable.Range(0, (int)lengths.Aggregate((a, b) => a * b)).Select(static i => (double)i)], lengths);

    [Theory]
    [InlineData(0, new double[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 })]
    [InlineData(1, new double[] { 0, 1, 8, 9, 16, 17, 2, 3, 10, 11, 18, 19, 4, 5, 12, 13, 20, 21, 6, 7, 14, 15, 22, 23 })]
    [InlineData(2, new double[] { 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 })]
    public void Unfolds_with_the_last_remaining_mode_fastest(int mode, double[] expected)
    {
        Tensor<double> u = TensorAlgebra.Unfold(Arange(3, 4, 2), mode);
        Assert.Equal(expected, DenseReference.Flat(u));
        Assert.Equal(Arange(3, 4, 2).ToArray(), TensorAlgebra.Fold(u, mode, [3, 4, 2]).ToArray());
    }

    [Fact]
    public void Every_shape_and_mode_matches_the_definition_in_double() => EveryShape<double>();

    [Fact]
    public void Every_shape_and_mode_matches_the_definition_in_single() => EveryShape<float>();

    private static void EveryShape<T>()
        where T : unmanaged, INumberBase<T>
    {
        Random random = new(1);
        foreach (nint[] shape in DenseReference.Shapes)
        {
            Tensor<T> x = DenseReference.Random<T>(random, shape);
            for (int mode = 0; mode < shape.Length; mode++)
            {
                Tensor<T> u = TensorAlgebra.Unfold(x, mode);
                Assert.Equal(0, DenseReference.MaxDifference(DenseReference.Unfold(x, mode), DenseReference.Matrix(u)));
                Assert.Equal(DenseReference.Flat(x), DenseReference.Flat(TensorAlgebra.Fold(u, mode, shape)));
            }
        }
    }

    [Fact]
    public void Strided_tensors_and_strided_destinations_are_copied_where_they_lie()
    {
        Tensor<double> whole = DenseReference.Random<double>(new Random(2), 11, 20, 37);
        Tensor<double> part = whole.Slice([2..9, 3..19, 1..36]);
        Tensor<double> permuted = Tensor.PermuteDimensions(whole, [2, 0, 1]);
        foreach (Tensor<double> x in new[] { part, permuted })
        {
            for (int mode = 0; mode < 3; mode++)
            {
                double[,] expected = DenseReference.Unfold(x, mode);
                int rows = expected.GetLength(0), columns = expected.GetLength(1);
                double[] buffer = new double[(rows + 1) * (columns + 1) * 2];
                MatrixView<double> byColumn = new(buffer, rows, columns, 1, rows + 1), spaced = new(buffer, rows, columns, (2 * columns) + 1, 2);
                ManagedBackend.Shared.AsBackend().Unfold(x.AsReadOnlyTensorSpan(), mode, byColumn);
                Assert.Equal(0, DenseReference.MaxDifference(expected, DenseReference.Matrix(((ReadOnlyMatrixView<double>)byColumn).ToTensor())));
                ManagedBackend.Shared.AsBackend().Unfold(x.AsReadOnlyTensorSpan(), mode, spaced);
                Assert.Equal(0, DenseReference.MaxDifference(expected, DenseReference.Matrix(((ReadOnlyMatrixView<double>)spaced).ToTensor())));

                Tensor<double> back = Tensor.CreateFromShape<double>([40, 40, 40]);
                TensorSpan<double> hole = back.AsTensorSpan(..(int)x.Lengths[0], 1..((int)x.Lengths[1] + 1), 2..((int)x.Lengths[2] + 2));
                ManagedBackend.Shared.AsBackend().Fold(spaced, mode, hole);
                double[] written = new double[x.FlattenedLength];
                hole.FlattenTo(written);
                Assert.Equal(DenseReference.Flat(x), written);
            }
        }
    }

    [Fact]
    public void Results_too_large_for_the_caches_match_the_definition_in_double() => Large<double>();

    [Fact]
    public void Results_too_large_for_the_caches_match_the_definition_in_single() => Large<float>();

    /// <summary>Runs and tiles that begin and end within cache lines, and some whose lines all begin alike, at every alignment of the destination.</summary>
    private static void Large<T>()
        where T : unmanaged, INumberBase<T>
    {
        int most = (16 << 20) / (typeof(T) == typeof(double) ? 8 : 4);
        T[] source = new T[most + (most / 2)], target = new T[source.Length + 16];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = T.CreateTruncating(i & 0xFFFFFF);
        }

        int[][] shapes = [[131, 127, most / (131 * 127) + 1], [300, 16, most / 4800 + 1], [most / 336 + 1, 21, 16], [9, (most / 9) + 1], [(most / 10) + 1, 10], [17, 400, (most / 6800) + 5]];
        for (int k = 0; k < shapes.Length; k++)
        {
            int left = shapes[k][0], length = shapes[k].Length == 3 ? shapes[k][1] : 1, right = shapes[k][^1], count = left * length * right;
            Tensor<T> x = Tensor.Create(source[..count], [left, length, right]);
            for (int mode = 0; mode < 3; mode++)
            {
                int rows = mode == 0 ? left : mode == 1 ? length : right, columns = count / rows, shift = ((7 * k) + mode) % 16, threads = 1 + (k % 3);
                Array.Clear(target);
                ManagedBackend engine = new(threads);
                engine.AsBackend().Unfold(x.AsReadOnlyTensorSpan(), mode, new MatrixView<T>(target.AsSpan(shift), rows, columns));
                for (int at = 0; at < count; at++)
                {
                    // Entry at of the unfolding, row after row, from its place in the tensor.
                    int row = at / columns, column = at % columns;
                    int from = mode == 0 ? at : mode == 1 ? ((((column / right) * length) + row) * right) + (column % right) : (column * right) + row;
                    if (target[shift + at] != source[from])
                    {
                        Assert.Fail($"{left} x {length} x {right}, mode {mode}, shift {shift}: entry {at} is {target[shift + at]}, not {source[from]}.");
                    }
                }

                Assert.DoesNotContain(target[..shift], static v => v != T.Zero);
                Assert.DoesNotContain(target[(shift + count)..], static v => v != T.Zero);
            }
        }
    }

    [Fact]
    public void A_large_unfolding_is_the_same_on_any_number_of_threads_and_any_alignment()
    {
        Tensor<double> x = DenseReference.Random<double>(new Random(3), 90, 101, 80);
        for (int mode = 0; mode < 3; mode++)
        {
            double[,] expected = DenseReference.Unfold(x, mode);
            int rows = expected.GetLength(0), columns = expected.GetLength(1);
            for (int threads = 1; threads <= 3; threads++)
            {
                using IDisposable scope = Parallelism.Use(threads);
                double[] buffer = new double[(rows * columns) + 8];
                MatrixView<double> u = new(buffer.AsSpan(threads), rows, columns);
                new ManagedBackend(threads).AsBackend().Unfold(x.AsReadOnlyTensorSpan(), mode, u);
                Assert.Equal(0, DenseReference.MaxDifference(expected, DenseReference.Matrix(((ReadOnlyMatrixView<double>)u).ToTensor())));
            }
        }
    }

    [Fact]
    public void Permute_matches_the_library()
    {
        Tensor<float> x = DenseReference.Random<float>(new Random(4), 5, 18, 7, 33);
        foreach (int[] order in new[] { new[] { 3, 2, 1, 0 }, [0, 1, 2, 3], [2, 0, 3, 1], [1, 0, 2, 3], [3, 0, 1, 2] })
        {
            Assert.Equal(DenseReference.Flat(Tensor.PermuteDimensions(x, order)), DenseReference.Flat(TensorAlgebra.Permute(x, order)));
        }

        Assert.Throws<ArgumentException>(() => TensorAlgebra.Permute(x, [0, 1, 2, 2]));
    }

    [Fact]
    public void The_first_unfolding_of_a_dense_tensor_needs_no_copy()
    {
        Tensor<double> x = Arange(3, 4, 2);
        ReadOnlyMatrixView<double> view = TensorAlgebra.UnfoldView(x);
        Assert.Equal((3, 8), (view.Rows, view.Columns));
        x[1, 0, 1] = 100;
        Assert.Equal(100, view[1, 1]);
        Assert.Throws<ArgumentException>(() => TensorAlgebra.UnfoldView(Tensor.PermuteDimensions(x, [1, 0, 2])));
    }

    [Fact]
    public void Wrong_arguments_are_refused_with_their_shapes()
    {
        Tensor<double> x = Arange(3, 4, 2);
        ILinearAlgebraBackend engine = ManagedBackend.Shared;
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Unfold(x.AsReadOnlyTensorSpan(), 3, new double[3, 8]));
        Assert.Contains("4 x 6", Assert.Throws<ArgumentException>(() => engine.Unfold(x.AsReadOnlyTensorSpan(), 1, new double[3, 8])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => engine.Fold(new double[3, 8], 1, x.AsTensorSpan()));
        double[] shared = new double[24];
        Assert.Throws<ArgumentException>(() => engine.Unfold(new ReadOnlyTensorSpan<double>(shared, [3, 4, 2]), 1, new MatrixView<double>(shared, 4, 6)));
        Assert.Throws<NotSupportedException>(() => engine.Unfold(new ReadOnlyTensorSpan<int>(new int[4], [2, 2]), 0, new int[2, 2]));
    }
}
