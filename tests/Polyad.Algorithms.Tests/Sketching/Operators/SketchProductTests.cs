using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Xunit;

namespace Polyad.Sketching.Operators;

public sealed class SketchProductsInDoubleTests : SketchProducts<double>;

public sealed class SketchProductsInSingleTests : SketchProducts<float>;

/// <summary>A product with a sketch is the product with its dense matrix, on either side, for every layout.</summary>
public abstract class SketchProducts<T>
    where T : unmanaged, INumberBase<T>
{
    public static TheoryData<string> Names => Families.Names;

    public static TheoryData<string> Discrete => Families.Discrete;

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_are_those_of_the_dense_matrix(string family)
    {
        foreach ((int d, int n, int k) in new[] { (1, 1, 1), (37, 130, 19), (64, 700, 9), (7, 600, 1) })
        {
            SketchOperator<T> s = Families.Create<T>(family, d, Math.Max(n, d), 3);
            foreach (SketchOperator<T> op in new[] { s, s.Block(d / 3, n / 5, d - (d / 3), n - (n / 5)) })
            {
                Tensor<T> dense = op.ToDense();
                foreach (int layout in new[] { 0, 1, 2 })
                {
                    Check(op, adjoint: false, dense, k, layout, 1, 0);
                    Check(op, adjoint: true, Families.Transposed(dense), k, layout, 1, 0);
                }

                Check(op, adjoint: false, dense, k, 0, -0.5, 1);
                Check(op, adjoint: true, Families.Transposed(dense), k, 1, 2, -0.25);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_with_sparse_matrices_are_those_of_the_dense_ones(string family)
    {
        const int D = 29, N = 410, K = 17;
        SketchOperator<T> s = Families.Create<T>(family, D, N, 3);
        foreach (SketchOperator<T> op in new[] { s, s.Block(4, 100, 20, 290) })
        {
            int d = op.Rows, n = op.Columns;
            Tensor<T> dense = op.ToDense(), turned = Families.Transposed(dense);
            CsrMatrix<T> tall = Families.Sparse<T>(1, n, K, 900), flat = Families.Sparse<T>(2, d, K, 100);
            foreach ((double alpha, double beta) in new[] { (1.0, 0.0), (-0.5, 1.0) })
            {
                CheckSparse(dense, tall, alpha, beta, b => op.Apply(T.CreateChecked(alpha), tall, T.CreateChecked(beta), b.AsMatrix()), transposed: false);
                CheckSparse(turned, flat, alpha, beta, b => op.ApplyAdjoint(T.CreateChecked(alpha), flat, T.CreateChecked(beta), b.AsMatrix()), transposed: false);
                CheckSparse(dense, tall, alpha, beta, b => op.ApplyRightAdjoint(T.CreateChecked(alpha), tall.Transpose(), T.CreateChecked(beta), b.AsMatrix()), transposed: true);
                CheckSparse(turned, flat, alpha, beta, b => op.ApplyRight(T.CreateChecked(alpha), flat.Transpose(), T.CreateChecked(beta), b.AsMatrix()), transposed: true);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Scaled_sketches_of_rows_and_columns_agree(string family)
    {
        SketchOperator<T> s = Families.Create<T>(family, 12, 100, 3);
        Tensor<T> a = Families.Whole<T>(1, 100, 4);
        double scale = s.IsometryScale;
        (double[,] expected, double[,] bound) = Families.Reference(scale, s.ToDense(), a, 0, a);
        Close(expected, bound, 103, s.Sketch(a), transposed: false);
        Close(expected, bound, 103, s.SketchRows(Families.Transposed(a)), transposed: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_does_not_show(string family)
    {
        SketchOperator<T> s = Families.Create<T>(family, 300, 3000, 3);
        Tensor<T> a = new CounterRandom(1).Normal<T>(3000, 700), one, many;
        using (Parallelism.Use(1))
        {
            one = s.Sketch(a);
        }

        using (Parallelism.Use(4))
        {
            many = s.Sketch(a);
        }

        Assert.Equal(one.ToArray(), many.ToArray());
        Assert.Equal(one.ToArray(), Families.Create<T>(family, 300, 3000, 3).Sketch(a).ToArray());
    }

    /// <summary>Batches of rows change no bit of a sum of signed rows, nor of any sum of whole numbers.</summary>
    [Theory]
    [MemberData(nameof(Discrete))]
    public void Rows_in_batches_give_the_same_bits(string family)
    {
        const int N = 2500;
        SketchOperator<T> s = Families.Create<T>(family, 60, N, 3);
        Tensor<T> a = family == "srht" ? Families.Whole<T>(1, N, 33) : new CounterRandom(1).Normal<T>(N, 33);
        SketchAccumulator<T> batches = new(s, 33), backwards = new(s, 33);
        int[] cuts = [0, 1, 700, 703, 1500, 2499, N];
        for (int i = 1; i < cuts.Length; i++)
        {
            batches.Add(a.AsReadOnlyMatrix().Slice(cuts[i - 1], 0, cuts[i] - cuts[i - 1], 33));
        }

        Assert.Equal(N, batches.NextRow);
        Assert.Equal(s.Sketch(a).ToArray(), batches.ToSketch().ToArray());
        Tensor<T> whole = Families.Whole<T>(2, N, 33);
        for (int i = cuts.Length - 1; i > 0; i--)
        {
            backwards.AddAt(cuts[i - 1], whole.AsReadOnlyMatrix().Slice(cuts[i - 1], 0, cuts[i] - cuts[i - 1], 33));
        }

        Assert.Equal(s.Sketch(whole).ToArray(), backwards.ToSketch().ToArray());
        Assert.Throws<ArgumentException>(() => batches.Add(a));
        Assert.Throws<ArgumentException>(() => backwards.Add(Tensor.CreateFromShape<T>([2, 32])));
    }

    [Fact]
    public void Sparse_rows_are_accumulated_too()
    {
        CsrMatrix<T> a = Families.Sparse<T>(1, 500, 20, 3000);
        SketchOperator<T> s = Families.Create<T>("sjlt", 30, 500, 3);
        SketchAccumulator<T> sums = new(s, 20);
        sums.Add(a);
        (double[,] expected, double[,] bound) = Families.Reference(s.IsometryScale, s.ToDense(), a.ToDense(), 0, a.ToDense());
        Close(expected, bound, 503, sums.ToSketch(), transposed: false);
    }

    private static void Check(SketchOperator<T> s, bool adjoint, Tensor<T> dense, int k, int layout, double alpha, double beta)
    {
        int rows = (int)dense.Lengths[0], inner = (int)dense.Lengths[1];
        Tensor<T> a = new CounterRandom(1, 5).Normal<T>(inner, k), old = new CounterRandom(1, 6).Normal<T>(rows, k);
        (double[,] expected, double[,] bound) = Families.Reference(alpha, dense, a, beta, old);
        Tensor<T> b;
        if (layout == 0)
        {
            b = old.AsReadOnlyMatrix().ToTensor();
            Run(s, adjoint, alpha, a.AsReadOnlyMatrix(), beta, b.AsMatrix());
        }
        else if (layout == 1)
        {
            // Both column-major.
            Tensor<T> turned = Families.Transposed(old), from = Families.Transposed(a);
            Run(s, adjoint, alpha, from.AsReadOnlyMatrix().Transpose, beta, turned.AsMatrix().Transpose);
            b = Families.Transposed(turned);
        }
        else
        {
            // Every second row and third column of larger matrices.
            Tensor<T> from = Tensor.CreateFromShape<T>([2 * inner, 3 * k]), to = Tensor.CreateFromShape<T>([2 * rows, 3 * k]);
            ReadOnlyMatrixView<T> source = new(MemoryMarshal.CreateSpan(ref from.GetPinnableReference(), (int)from.FlattenedLength), inner, k, 6 * k, 3);
            MatrixView<T> target = new(MemoryMarshal.CreateSpan(ref to.GetPinnableReference(), (int)to.FlattenedLength), rows, k, 6 * k, 3);
            a.AsReadOnlyMatrix().CopyTo(new MatrixView<T>(MemoryMarshal.CreateSpan(ref from.GetPinnableReference(), (int)from.FlattenedLength), inner, k, 6 * k, 3));
            old.AsReadOnlyMatrix().CopyTo(target);
            Run(s, adjoint, alpha, source, beta, target);
            b = ((ReadOnlyMatrixView<T>)target).ToTensor();
        }

        Close(expected, bound, inner + 3, b, transposed: false);
    }

    private static void Run(SketchOperator<T> s, bool adjoint, double alpha, in ReadOnlyMatrixView<T> a, double beta, in MatrixView<T> b)
    {
        if (adjoint)
        {
            s.ApplyAdjoint(T.CreateChecked(alpha), a, T.CreateChecked(beta), b);
        }
        else
        {
            s.Apply(T.CreateChecked(alpha), a, T.CreateChecked(beta), b);
        }
    }

    private static void CheckSparse(Tensor<T> dense, CsrMatrix<T> a, double alpha, double beta, Action<Tensor<T>> run, bool transposed)
    {
        Tensor<T> old = new CounterRandom(1, 6).Normal<T>(dense.Lengths[0], a.Columns), b = transposed ? Families.Transposed(old) : old.AsReadOnlyMatrix().ToTensor();
        (double[,] expected, double[,] bound) = Families.Reference(alpha, dense, a.ToDense(), beta, old);
        run(b);
        Close(expected, bound, (int)dense.Lengths[1] + 3, b, transposed);
    }

    /// <summary>A sum of n products in any order is off by at most (n + 2) eps times the sum of magnitudes (Higham 2002, 3.1).</summary>
    private static void Close(double[,] expected, double[,] bound, int roundings, Tensor<T> actual, bool transposed)
    {
        double eps = Families.Epsilon<T>();
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                double value = double.CreateChecked(transposed ? actual[j, i] : actual[i, j]);
                Assert.True(Math.Abs(value - expected[i, j]) <= roundings * eps * bound[i, j], $"({i}, {j}): {value} for {expected[i, j]}");
            }
        }
    }
}
