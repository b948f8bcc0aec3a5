using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.Operators;

public sealed class ComplexSketchTests
{
    private const double Eps = 1.0 / (1L << 52);

    public static TheoryData<string> Names => ["gaussian", "rademacher", "srft"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_are_those_of_the_dense_matrix(string family)
    {
        foreach ((int d, int n, int k) in new[] { (1, 1, 1), (20, 77, 5), (150, 64, 11) })
        {
            ComplexSketchOperator s = Create(family, d, n, 3);
            Complex[,] dense = Matrix(s.ToDense()), a = Draw(1, n, k), flat = Draw(2, d, k), old = Draw(3, d, k), oldFlat = Draw(4, n, k);
            Complex alpha = new(0.5, -1), beta = new(2, 0.25);
            Complex[,] b = (Complex[,])old.Clone();
            s.Apply(alpha, a, beta, b);
            Close(Combine(alpha, Multiply(dense, a), beta, old), b, n);

            b = (Complex[,])oldFlat.Clone();
            s.ApplyAdjoint(alpha, flat, beta, b);
            Close(Combine(alpha, Multiply(Turn(dense, conjugate: true), flat), beta, oldFlat), b, n);

            b = Turn(oldFlat, conjugate: false);
            s.ApplyRight(alpha, Turn(flat, false), beta, b);
            Close(Combine(alpha, Multiply(Turn(flat, false), dense), beta, Turn(oldFlat, false)), b, n);

            b = Turn(old, conjugate: false);
            s.ApplyRightAdjoint(alpha, Turn(a, false), beta, b);
            Close(Combine(alpha, Multiply(Turn(a, false), Turn(dense, true)), beta, Turn(old, false)), b, n);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Real_and_sparse_input_give_the_product_of_the_dense_complex_matrix(string family)
    {
        ComplexSketchOperator s = Create(family, 70, 50, 3);
        CsrMatrix<double> sparse = Families.Sparse<double>(1, 9, 50, 60);
        Tensor<double> rows = sparse.ToDense(), columns = Families.Transposed(rows);
        Complex[,] dense = Matrix(s.ToDense()), a = new Complex[50, 9];
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 9; j++)
            {
                a[i, j] = columns[i, j];
            }
        }

        Complex[,] expected = Combine(s.IsometryScale, Multiply(dense, a), 0, new Complex[70, 9]);
        Close(expected, Matrix(s.Sketch(columns)), 50);
        Close(Turn(expected, false), Matrix(s.SketchRows(rows)), 50);
        Close(Turn(expected, false), Matrix(s.SketchRows(sparse)), 50);
        Close(expected, Matrix(s.Sketch(sparse.Transpose())), 50);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sparse_matrices_are_taken_on_every_side_like_dense_ones(string family)
    {
        foreach ((int d, int n, int k) in new[] { (1, 1, 1), (20, 77, 5), (150, 64, 11) })
        {
            ComplexSketchOperator s = Create(family, d, n, 3);
            CsrMatrix<double> tall = Families.Sparse<double>(1, n, k, 30), flat = Families.Sparse<double>(2, d, k, 30);
            Complex alpha = new(0.5, -1), beta = new(2, 0.25);
            Complex[,] old = Draw(3, d, k), expected = (Complex[,])old.Clone(), b = (Complex[,])old.Clone();
            s.Apply(alpha, Complexes(tall), beta, expected);
            s.Apply(alpha, tall, beta, b);
            Close(expected, b, n);

            (expected, b) = (Turn(old, false), Turn(old, false));
            s.ApplyRightAdjoint(alpha, Complexes(tall.Transpose()), beta, expected);
            s.ApplyRightAdjoint(alpha, tall.Transpose(), beta, b);
            Close(expected, b, n);

            old = Draw(4, n, k);
            (expected, b) = ((Complex[,])old.Clone(), (Complex[,])old.Clone());
            s.ApplyAdjoint(alpha, Complexes(flat), beta, expected);
            s.ApplyAdjoint(alpha, flat, beta, b);
            Close(expected, b, d);

            (expected, b) = (Turn(old, false), Turn(old, false));
            s.ApplyRight(alpha, Complexes(flat.Transpose()), beta, expected);
            s.ApplyRight(alpha, flat.Transpose(), beta, b);
            Close(expected, b, d);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_block_is_an_operator_with_the_entries_of_the_whole(string family)
    {
        // 150 rows of a Fourier sketch of order 64 are three transforms: the block takes a part of the first two.
        ComplexSketchOperator s = Create(family, 150, 64, 5), block = s.Block(30, 7, 50, 40), inner = block.Block(3, 5, 41, 11);
        Complex[,] dense = Matrix(block.ToDense()), a = Draw(1, 40, 3), flat = Draw(2, 50, 3), b = new Complex[50, 3], c = new Complex[40, 3];
        Assert.Equal(s.ToDense().AsReadOnlyMatrix().Slice(30, 7, 50, 40).ToTensor().ToArray(), dense.Cast<Complex>());
        Assert.Equal(s.ToDense().AsReadOnlyMatrix().Slice(33, 12, 41, 11).ToTensor().ToArray(), inner.ToDense().ToArray());
        Assert.Equal((s.State, s.NextState, s.IsometryScale), (block.State, block.NextState, block.IsometryScale));

        block.Apply(Complex.One, a, Complex.Zero, b);
        Close(Multiply(dense, a), b, 64);
        block.ApplyAdjoint(Complex.One, flat, Complex.Zero, c);
        Close(Multiply(Turn(dense, conjugate: true), flat), c, 64);
        CsrMatrix<double> sparse = Families.Sparse<double>(1, 40, 3, 30), flatSparse = Families.Sparse<double>(2, 50, 3, 30);
        block.Apply(Complex.One, sparse, Complex.Zero, b);
        Close(Multiply(dense, Complexes(sparse)), b, 64);
        block.ApplyAdjoint(Complex.One, flatSparse, Complex.Zero, c);
        Close(Multiply(Turn(dense, conjugate: true), Complexes(flatSparse)), c, 64);
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Block(101, 0, 50, 40));
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Block(0, 0, 0, 40));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_that_arrive_in_batches_add_up_to_the_sketch_of_the_whole(string family)
    {
        ComplexSketchOperator s = Create(family, 40, 90, 5);
        Tensor<double> a = new CounterRandom(3).Normal<double>(90, 4);
        CsrMatrix<double> sparse = Families.Sparse<double>(1, 20, 4, 30);
        ComplexSketchAccumulator stream = new(s, width: 4);
        stream.Add(a.AsReadOnlyMatrix().Slice(0, 0, 1, 4));
        stream.Add(a.AsReadOnlyMatrix().Slice(1, 0, 49, 4).ToTensor());
        stream.Add(sparse);
        stream.Add(Draw(6, 10, 4));
        Assert.Equal(80, stream.NextRow);
        stream.AddAt(85, a.AsReadOnlyMatrix().Slice(85, 0, 5, 4));

        Complex[,] whole = new Complex[90, 4], middle = Complexes(sparse), turned = Draw(6, 10, 4);
        for (int i = 0; i < 90; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                whole[i, j] = i is >= 80 and < 85 ? 0 : i is >= 50 and < 70 ? middle[i - 50, j] : i is >= 70 and < 80 ? turned[i - 70, j] : a[i, j];
            }
        }

        Close(Combine(s.IsometryScale, Multiply(Matrix(s.ToDense()), whole), 0, new Complex[40, 4]), Matrix(stream.ToSketch()), 90);
        Assert.Throws<ArgumentException>(() => stream.Add(a.AsReadOnlyMatrix().Slice(0, 0, 11, 4).ToTensor()));
        Assert.Throws<ArgumentException>(() => stream.Add(Families.Sparse<double>(1, 2, 3, 50)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComplexSketchAccumulator(s, 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_submatrix_is_the_block_of_the_whole_and_more_rows_leave_the_earlier_ones(string family)
    {
        ComplexSketchOperator s = Create(family, 40, 90, 5);
        Tensor<Complex> whole = s.ToDense();
        Complex[,] block = new Complex[11, 30];
        s.Fill(7, 55, block);
        Assert.Equal(whole.AsReadOnlyMatrix().Slice(7, 55, 11, 30).ToTensor().ToArray(), block.Cast<Complex>());
        Assert.Equal(whole.ToArray(), Create(family, 200, 90, 5).ToDense().AsReadOnlyMatrix().Slice(0, 0, 40, 90).ToTensor().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Fill(30, 0, new Complex[11, 30]));
        if (family != "srft")
        {
            Assert.Equal(whole.ToArray(), Create(family, 40, 200, 5).ToDense().AsReadOnlyMatrix().Slice(0, 0, 40, 90).ToTensor().ToArray());
            Assert.Equal([.. whole, .. Create(family, 3, 90, s.NextState).ToDense()], Create(family, 43, 90, 5).ToDense().ToArray());
        }
    }

    [Fact]
    public void Complex_signs_take_four_values_equally_often()
    {
        Complex[] entries = new ComplexRademacherSketch(100, 400, 1).ToDense().ToArray();
        foreach (Complex value in (Complex[])[Complex.One, -Complex.One, Complex.ImaginaryOne, -Complex.ImaginaryOne])
        {
            // Binomial with 40,000 trials: four deviations.
            Assert.InRange(entries.Count(e => e == value), 10_000 - 347, 10_000 + 347);
        }

        Complex mean = entries.Aggregate(Complex.Zero, static (s, e) => s + e) / 40_000, square = entries.Aggregate(Complex.Zero, static (s, e) => s + (e * e)) / 40_000;
        Assert.True(mean.Magnitude < 4 / Math.Sqrt(40_000));
        Assert.True(square.Magnitude < 4 / Math.Sqrt(40_000));
    }

    [Fact]
    public void Complex_normal_entries_have_unit_mean_square_and_no_pseudo_variance()
    {
        Complex[] entries = new ComplexGaussianSketch(100, 400, 1).ToDense().ToArray();
        Assert.Equal(1, entries.Sum(static e => e.Magnitude * e.Magnitude) / 40_000, 4 / Math.Sqrt(40_000));
        Assert.True((entries.Aggregate(Complex.Zero, static (s, e) => s + (e * e)) / 40_000).Magnitude < 4 * Math.Sqrt(2) / Math.Sqrt(40_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(97)]
    [InlineData(128)]
    public void A_full_Fourier_sketch_is_unitary_up_to_its_scale(int n)
    {
        SrftSketch probe = new(1, n);
        SrftSketch s = new(2 * probe.Order, n, 1);
        Complex[,] dense = Matrix(s.ToDense()), gram = Multiply(Turn(dense, conjugate: true), dense);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.True((gram[i, j] - (i == j ? 2.0 * probe.Order : 0)).Magnitude <= 10 * Eps * s.Rows);
            }
        }
    }

    [Fact]
    public void The_order_is_the_next_number_with_small_factors()
    {
        int[] expected = [1, 2, 3, 4, 5, 6, 8, 8, 9, 10, 12, 12, 15, 15, 15, 16, 18, 18, 20, 20];
        Assert.Equal(expected, Enumerable.Range(1, 20).Select(SrftSketch.NextSmooth));
        Assert.Equal(131_072, SrftSketch.NextSmooth(131_072));
        Assert.Equal(1_000_000, SrftSketch.NextSmooth(1_000_000));
        Assert.Equal(134_217_728, SrftSketch.NextSmooth(1 << 27));
    }

    [Fact]
    public void Bad_shapes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComplexRademacherSketch(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SrftSketch(3, (1 << 27) + 1));
        ComplexRademacherSketch s = new(4, 6);
        Assert.Throws<ArgumentException>(() => s.Sketch(Tensor.CreateFromShape<double>([5, 2])));
        Assert.Throws<ArgumentException>(() => s.SketchRows(Families.Sparse<double>(1, 3, 5, 2)));
        Assert.Throws<ArgumentException>(() => s.Apply(Complex.One, new Complex[6, 2], Complex.Zero, new Complex[4, 3]));
        Assert.Throws<ArgumentException>(() => s.ApplyRight(Complex.One, Families.Sparse<double>(1, 3, 5, 2), Complex.Zero, new Complex[3, 6]));
        ArgumentException rows = Assert.Throws<ArgumentException>(() => s.SketchRows(Tensor.CreateFromShape<double>([2, 5])));
        Assert.StartsWith("Cannot multiply 2 x 5 by the adjoint of a sketch of 4 x 6", rows.Message, StringComparison.Ordinal);
        Assert.Equal("a", rows.ParamName);
    }

    private static ComplexSketchOperator Create(string family, int rows, int columns, SketchState state)
        => family switch
        {
            "gaussian" => new ComplexGaussianSketch(rows, columns, state),
            "rademacher" => new ComplexRademacherSketch(rows, columns, state),
            _ => new SrftSketch(rows, columns, state),
        };

    private static Complex[,] Draw(ulong stream, int rows, int columns)
    {
        double[] parts = new CounterRandom(17, stream).Normal<double>(2 * rows * columns).ToArray();
        Complex[,] matrix = new Complex[rows, columns];
        for (int i = 0; i < rows * columns; i++)
        {
            matrix[i / columns, i % columns] = new Complex(parts[2 * i], parts[(2 * i) + 1]);
        }

        return matrix;
    }

    private static Complex[,] Complexes(CsrMatrix<double> sparse)
    {
        Tensor<double> dense = sparse.ToDense();
        Complex[,] matrix = new Complex[sparse.Rows, sparse.Columns];
        for (int i = 0; i < sparse.Rows; i++)
        {
            for (int j = 0; j < sparse.Columns; j++)
            {
                matrix[i, j] = dense[i, j];
            }
        }

        return matrix;
    }

    private static Complex[,] Matrix(Tensor<Complex> tensor)
    {
        Complex[,] matrix = new Complex[tensor.Lengths[0], tensor.Lengths[1]];
        tensor.AsReadOnlyMatrix().CopyTo(matrix);
        return matrix;
    }

    private static Complex[,] Turn(Complex[,] a, bool conjugate)
    {
        Complex[,] turned = new Complex[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                turned[j, i] = conjugate ? Complex.Conjugate(a[i, j]) : a[i, j];
            }
        }

        return turned;
    }

    private static Complex[,] Multiply(Complex[,] a, Complex[,] b)
    {
        Complex[,] product = new Complex[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < b.GetLength(1); j++)
            {
                for (int k = 0; k < b.GetLength(0); k++)
                {
                    product[i, j] += a[i, k] * b[k, j];
                }
            }
        }

        return product;
    }

    private static Complex[,] Combine(Complex alpha, Complex[,] a, Complex beta, Complex[,] b)
    {
        Complex[,] sum = new Complex[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                sum[i, j] = (alpha * a[i, j]) + (beta * b[i, j]);
            }
        }

        return sum;
    }

    /// <summary>Entries of the matrices are below 6 in magnitude; products of n terms, direct or by a transform, are off by less than 10 n eps of their size.</summary>
    private static void Close(Complex[,] expected, Complex[,] actual, int n)
    {
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                Assert.True((expected[i, j] - actual[i, j]).Magnitude <= 100 * (n + 10) * Eps, $"({i}, {j}): {actual[i, j]} for {expected[i, j]}");
            }
        }
    }
}
