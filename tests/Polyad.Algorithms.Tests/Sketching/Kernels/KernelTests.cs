using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class KernelTests
{
    private static readonly double[,] X = { { 0.5, 1.25, 0.0 }, { 2.0, 0.25, 1.5 }, { 0.75, 0.0, 3.0 }, { 1.0, 0.5, 0.25 } };
    private static readonly double[,] Y = { { 1.0, 2.0, 0.5 }, { 0.25, 0.75, 0.0 } };

    /// <summary>Every kernel, by name, with entries of at least 0 in its domain.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    private static readonly Dictionary<string, Kernel> All = new()
    {
        ["linear"] = new LinearKernel(),
        ["polynomial"] = new PolynomialKernel(3, 0.5, 0.25),
        ["sigmoid"] = new SigmoidKernel(0.3, 0.2),
        ["cosine"] = new CosineKernel(),
        ["arc-cosine 0"] = new ArcCosineKernel(0),
        ["arc-cosine 1"] = new ArcCosineKernel(1),
        ["arc-cosine 2"] = new ArcCosineKernel(2),
        ["gaussian"] = new GaussianKernel(0.4),
        ["matern 1/2"] = new MaternKernel(0.5, 1.3),
        ["matern 3/2"] = new MaternKernel(1.5, 1.3),
        ["matern 5/2"] = new MaternKernel(2.5, 1.3),
        ["matern 0.8"] = new MaternKernel(0.8, 1.3),
        ["laplacian"] = new LaplacianKernel(0.3),
        ["chi2"] = new Chi2Kernel(0.7),
        ["additive chi2"] = new AdditiveChi2Kernel(),
        ["intersection"] = new IntersectionKernel(),
        ["Jensen-Shannon"] = new JensenShannonKernel(),
        ["skewed chi2"] = new SkewedChi2Kernel(0.3),
        ["anova"] = new AnovaKernel(3),
        ["all subsets"] = new AllSubsetsKernel(),
        ["function"] = new FunctionKernel(static (x, y) => Math.Exp(-Math.Abs(x[0] - y[0]))),
    };

    /// <summary>scikit-learn 1.2.1, sklearn.metrics.pairwise, of X and Y.</summary>
    [Fact]
    public void Kernels_have_the_values_of_scikit_learn()
    {
        Near(new LinearKernel(), new[,] { { 3.0, 1.0625 }, { 3.25, 0.6875 }, { 2.25, 0.1875 }, { 2.125, 0.625 } });
        Near(new PolynomialKernel(3, 1.0 / 3, 1), new[,] { { 8.0, 2.483226634837962 }, { 9.042245370370367, 1.8570873119212965 }, { 5.359375, 1.199462890625 }, { 4.985604745370369, 1.7642505787037033 } });
        Near(new PolynomialKernel(2, 0.5, 0.25), new[,] { { 3.0625, 0.6103515625 }, { 3.515625, 0.3525390625 }, { 1.890625, 0.1181640625 }, { 1.72265625, 0.31640625 } });
        Near(new GaussianKernel(), new[,] { { 0.70175799794189, 0.9010751057212906 }, { 0.1849813999073043, 0.15658337446621542 }, { 0.03214494732687607, 0.03797476824562277 }, { 0.4626273848114133, 0.7951959897951257 } });
        Near(new GaussianKernel(0.7), new[,] { { 0.4753280888555934, 0.8035225736890608 }, { 0.02890473085083381, 0.02036881956710764 }, { 0.000732717743863005, 0.001039775972594456 }, { 0.19814622713026817, 0.6180103957895441 } });
        Near(new LaplacianKernel(), new[,] { { 0.5580351457700471, 0.7788007830714049 }, { 0.2865047968601901, 0.2865047968601901 }, { 0.2052896575799093, 0.24252107463564876 }, { 0.5580351457700471, 0.6592406302004438 } });
        Near(new LaplacianKernel(0.4), new[,] { { 0.4965853037914095, 0.7408182206817179 }, { 0.22313016014842982, 0.22313016014842982 }, { 0.14956861922263504, 0.18268352405273464 }, { 0.4965853037914095, 0.6065306597126334 } });
        Near(new CosineKernel(), new[,] { { 0.9725290781677295, 0.998274373174996 }, { 0.5645507825203316, 0.34612422654015396 }, { 0.31755367441497795, 0.07669649888473705 }, { 0.8095238095238096, 0.6900655593423543 } });
        Near(new SigmoidKernel(), new[,] { { 0.9640275800758169, 0.8750331754486587 }, { 0.9694656922392512, 0.8423374391411291 }, { 0.9413755384972874, 0.7866188121086976 }, { 0.9364427380815395, 0.8361788456893496 } });
        Near(new Chi2Kernel(), new[,] { { 0.4318212326279676, 0.811936346150635 }, { 0.11142044456056134, 0.04455142624448969 }, { 0.021896497829068606, 0.01831563888873418 }, { 0.37406214460208265, 0.4723665527410147 } });
        Near(new Chi2Kernel(0.3), new[,] { { 0.7773045284253203, 0.9394130628134758 }, { 0.5177134716305657, 0.39324072086859824 }, { 0.3177696367572866, 0.3011942119122021 }, { 0.7445315874659094, 0.7985162187593771 } });
    }

    /// <summary>scikit-learn's additive kernel is the negative distance: twice this kernel less the sums of both rows.</summary>
    [Fact]
    public void The_additive_chi_squared_kernel_relates_to_that_of_scikit_learn()
    {
        double[,] expected = { { -0.8397435897435898, -0.20833333333333331 }, { -2.1944444444444446, -3.111111111111111 }, { -3.821428571428571, -4.0 }, { -0.9833333333333334, -0.75 } };
        Tensor<double> k = new AdditiveChi2Kernel().Matrix<double>(X, Y);
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(expected[i, j], (2 * k[i, j]) - Enumerable.Range(0, 3).Sum(l => X[i, l] + Y[j, l]), 1e-14);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_matrix_holds_the_definition_at_every_pair(string name)
    {
        Tensor<double> x = new CounterRandom(1).Uniform<double>(300, 7), y = new CounterRandom(2).Uniform<double>(9, 7);
        Tensor<double> k = All[name].Matrix(x, y);
        foreach ((int i, int j) in ((int, int)[])[(0, 0), (3, 7), (255, 1), (256, 8), (299, 4)])
        {
            Assert.Equal(Definition(name, Row(x, i), Row(y, j)), k[i, j], 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_matrix_of_one_set_of_rows_is_symmetric_to_the_bit_with_an_exact_diagonal(string name)
    {
        Tensor<double> x = new CounterRandom(1).Uniform<double>(301, 6);
        Tensor<double> k = All[name].Matrix(x), both = All[name].Matrix(x, x);
        double[] diagonal = All[name].Diagonal<double>(x);
        for (int i = 0; i < 301; i += 13)
        {
            Assert.Equal(diagonal[i], k[i, i]);
            Assert.Equal(Definition(name, Row(x, i), Row(x, i)), k[i, i], name == "arc-cosine 0" ? 1e-7 : 1e-13);
            for (int j = 0; j < 301; j += 7)
            {
                Assert.Equal(k[i, j], k[j, i]);
                Assert.Equal(both[i, j], k[i, j], name == "arc-cosine 0" ? 1e-7 : 1e-13);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sparse_rows_and_views_have_the_kernel_of_their_dense_copies(string name)
    {
        Tensor<double> x = new CounterRandom(1).Uniform<double>(20, 9), y = new CounterRandom(2).Uniform<double>(5, 9);
        for (int i = 0; i < 20; i++)
        {
            for (int j = 0; j < 9; j++)
            {
                x[i, j] = (i + j) % 3 == 0 ? 0 : x[i, j];
            }
        }

        Tensor<double> expected = All[name].Matrix(x, y), sparse = All[name].Matrix<double>(CsrMatrix<double>.FromDense(x), y), mixed = All[name].Matrix<double>(y, CsrMatrix<double>.FromDense(x));
        Tensor<double> turned = x.AsReadOnlyMatrix().Transpose.ToTensor();
        Tensor<double> strided = All[name].Matrix(new FeatureRows<double>(turned.AsReadOnlyMatrix().Transpose), y);
        for (int i = 0; i < 20; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                double tolerance = 1e-14 * Math.Max(1, expected[i, j]);
                Assert.Equal(expected[i, j], sparse[i, j], tolerance);
                Assert.Equal(expected[i, j], strided[i, j], tolerance);
                Assert.Equal(expected[i, j], mixed[j, i], tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Floats_agree_with_doubles_to_their_rounding(string name)
    {
        Tensor<float> x = new CounterRandom(1).Uniform<float>(30, 8);
        Tensor<double> wide = Tensor.Create([.. x.ToArray().Select(static v => (double)v)], [30, 8]);
        Tensor<float> k = All[name].Matrix(x);
        Tensor<double> expected = All[name].Matrix(wide);
        double scale = expected.ToArray().Max(Math.Abs);
        for (int i = 0; i < 30; i++)
        {
            for (int j = 0; j < 30; j++)
            {
                Assert.Equal(expected[i, j], k[i, j], (name == "arc-cosine 0" ? 1e-3 : 2e-6) * scale);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Kernels_but_the_sigmoid_are_positive_semidefinite(string name)
    {
        if (name == "sigmoid")
        {
            return;
        }

        Tensor<double> k = All[name].Matrix(new CounterRandom(4).Uniform<double>(60, 4));
        double[] values = LinearAlgebra.SymmetricEigen(k).Values.ToArray();
        Assert.True(values[0] >= -60 * 1e-15 * values[^1], $"{values[0]}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_changes_no_bit(string name)
    {
        Tensor<double> x = new CounterRandom(1).Uniform<double>(400, 30);
        double[] one;
        using (Parallelism.Use(1))
        {
            one = All[name].Matrix(x).ToArray();
        }

        using (Parallelism.Use(3))
        {
            Assert.Equal(one, All[name].Matrix(x).ToArray());
        }
    }

    [Fact]
    public void Distances_do_not_lose_their_digits_to_a_common_offset()
    {
        Tensor<double> near = new CounterRandom(1).Normal<double>(20, 5), far = Tensor.CreateFromShape<double>([20, 5]);
        for (int i = 0; i < 20; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                far[i, j] = near[i, j] + 1e6;
                near[i, j] = far[i, j] - 1e6;
            }
        }

        double[] expected = new GaussianKernel(0.2).Matrix(near).ToArray(), actual = new GaussianKernel(0.2).Matrix(far).ToArray();
        Assert.All(expected.Zip(actual), static p => Assert.Equal(p.First, p.Second, 1e-9));
    }

    /// <summary>scikit-learn 1.2.1, gaussian_process.kernels.Matern(length_scale=1.3), at distances 0.01, 0.3, 1, 2.5, 9.</summary>
    [Theory]
    [InlineData(0.8, 0.9991363518373789, 0.8780404641771644, 0.5345948058896883, 0.15173723217728027, 0.00038102607454530956)]
    [InlineData(1.0, 0.9996960367183134, 0.9057950045960077, 0.5656340117819971, 0.15330204183564414, 0.0002276502383645134)]
    [InlineData(2.2, 0.9999457669620438, 0.9545431859147377, 0.6531396802943678, 0.15544463795529062, 2.689487032964809e-05)]
    [InlineData(7.3, 0.9999657187411288, 0.9697036208830577, 0.7169590416731776, 0.15590933591505368, 5.090312533098838e-07)]
    [InlineData(25.0, 0.9999691819550988, 0.9726606833860476, 0.736270126985053, 0.15667396957863805, 8.14001284470463e-09)]
    public void Matern_kernels_of_any_order_have_the_values_of_scikit_learn(double nu, params double[] expected)
    {
        double[] distances = [0.01, 0.3, 1, 2.5, 9];
        for (int i = 0; i < distances.Length; i++)
        {
            Assert.Equal(expected[i], new MaternKernel(nu, 1.3).Value([0], [distances[i]]), 1e-12 * expected[i]);
        }
    }

    [Fact]
    public void Matern_kernels_of_other_orders_lie_between_their_neighbours_and_reach_the_gaussian()
    {
        double[] x = [0, 0], y = [0.6, 0.9];
        double previous = new MaternKernel(0.5).Value(x, y);
        foreach (double nu in (double[])[0.500001, 1, 1.499999, 1.5, 2.2, 2.5, 4, 20])
        {
            double value = new MaternKernel(nu).Value(x, y);
            Assert.InRange(value, previous - 1e-14, 1);
            previous = value;
        }

        Assert.Equal(new MaternKernel(1.5).Value(x, y), new MaternKernel(1.5 + 1e-9).Value(x, y), 1e-9);
        Assert.Equal(new GaussianKernel(0.5).Value(x, y), new MaternKernel(1e5).Value(x, y), 1e-5);
        Assert.Equal(1, new MaternKernel(3.3).Value(x, x));
    }

    [Fact]
    public void The_median_heuristic_scales_with_the_data()
    {
        double[,] line = { { 0.0 }, { 1.0 }, { 3.0 } };
        Assert.Equal(0.5 / 4, GaussianKernel.FromMedianDistance<double>(line).Gamma!.Value, 1e-15);
        Assert.Throws<ArgumentException>(() => GaussianKernel.FromMedianDistance<double>(new double[4, 2]));
        Assert.Throws<ArgumentException>(() => GaussianKernel.FromMedianDistance<double>(new double[1, 2]));
    }

    [Fact]
    public void A_kernel_prints_its_parameters()
    {
        Assert.Equal("PolynomialKernel { Degree = 3, Gamma = 0.5, Constant = 1 }", new PolynomialKernel(3, 0.5, 1).ToString());
        Assert.Equal("MaternKernel { Nu = 1.5, LengthScale = 2 }", new MaternKernel(1.5, 2).ToString());
    }

    [Fact]
    public void Parameters_and_rows_outside_their_range_are_refused()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(4, 3), overlong = Tensor.CreateFromShape<double>([1, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianKernel(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianKernel(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianKernel() with { Gamma = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaternKernel(0).Matrix(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaternKernel(1, -2).Matrix(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaplacianKernel(-1).Matrix(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcCosineKernel(3).Matrix(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnovaKernel(0).Matrix(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Chi2Kernel(0).Matrix(new CounterRandom(1).Uniform<double>(2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidKernel(1, double.PositiveInfinity).Matrix(x));
        foreach (Kernel histogram in (Kernel[])[new Chi2Kernel(), new AdditiveChi2Kernel(), new IntersectionKernel(), new JensenShannonKernel()])
        {
            Assert.Contains("of at least 0; row", Assert.Throws<ArgumentException>(() => histogram.Matrix(x)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("above -0.1", Assert.Throws<ArgumentException>(() => new SkewedChi2Kernel(0.1).Matrix(x)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LinearKernel().Matrix(x, new CounterRandom(1).Normal<double>(4, 2)));
        overlong[0, 0] = 1e200;
        Assert.Throws<OverflowException>(() => new LinearKernel().Matrix(overlong));
    }

    private static void Near(Kernel kernel, double[,] expected)
    {
        Tensor<double> k = kernel.Matrix<double>(X, Y);
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                Assert.Equal(expected[i, j], k[i, j], 4e-15 * Math.Max(1, expected[i, j]));
            }
        }
    }

    private static double[] Row(Tensor<double> x, int i) => [.. Enumerable.Range(0, (int)x.Lengths[1]).Select(j => x[i, j])];

    private static double Definition(string name, double[] x, double[] y)
    {
        double dot = x.Zip(y, static (a, b) => a * b).Sum(), squared = x.Zip(y, static (a, b) => (a - b) * (a - b)).Sum(), distance = Math.Sqrt(squared);
        double a = Math.Sqrt(x.Sum(static v => v * v)), b = Math.Sqrt(y.Sum(static v => v * v)), cosine = Math.Clamp(dot / (a * b), -1, 1), angle = Math.Acos(cosine);
        double HalfInteger(double nu) => nu switch
        {
            0.5 => Math.Exp(-distance / 1.3),
            1.5 => (1 + (Math.Sqrt(3) * distance / 1.3)) * Math.Exp(-Math.Sqrt(3) * distance / 1.3),
            _ => (1 + (Math.Sqrt(5) * distance / 1.3) + (5 * squared / (3 * 1.69))) * Math.Exp(-Math.Sqrt(5) * distance / 1.3),
        };
        return name switch
        {
            "linear" => dot,
            "polynomial" => Math.Pow((0.5 * dot) + 0.25, 3),
            "sigmoid" => Math.Tanh((0.3 * dot) + 0.2),
            "cosine" => cosine,
            "arc-cosine 0" => 1 - (angle / Math.PI),
            "arc-cosine 1" => a * b * (Math.Sin(angle) + ((Math.PI - angle) * cosine)) / Math.PI,
            "arc-cosine 2" => a * a * b * b * ((3 * Math.Sin(angle) * cosine) + ((Math.PI - angle) * (1 + (2 * cosine * cosine)))) / Math.PI,
            "gaussian" => Math.Exp(-0.4 * squared),
            "matern 1/2" => HalfInteger(0.5),
            "matern 3/2" => HalfInteger(1.5),
            "matern 5/2" => HalfInteger(2.5),
            "matern 0.8" => Matern(0.8, distance / 1.3),
            "laplacian" => Math.Exp(-0.3 * x.Zip(y, static (p, q) => Math.Abs(p - q)).Sum()),
            "chi2" => Math.Exp(-0.7 * x.Zip(y, static (p, q) => p + q == 0 ? 0 : (p - q) * (p - q) / (p + q)).Sum()),
            "additive chi2" => x.Zip(y, static (p, q) => p + q == 0 ? 0 : 2 * p * q / (p + q)).Sum(),
            "intersection" => x.Zip(y, Math.Min).Sum(),
            "Jensen-Shannon" => x.Zip(y, static (p, q) => ((p == 0 ? 0 : p * Math.Log2((p + q) / p)) + (q == 0 ? 0 : q * Math.Log2((p + q) / q))) / 2).Sum(),
            "skewed chi2" => x.Zip(y, static (p, q) => 2 * Math.Sqrt((p + 0.3) * (q + 0.3)) / (p + q + 0.6)).Aggregate(static (p, q) => p * q),
            "anova" => (from i in Enumerable.Range(0, x.Length) from j in Enumerable.Range(i + 1, x.Length - i - 1) from k in Enumerable.Range(j + 1, x.Length - j - 1) select x[i] * y[i] * x[j] * y[j] * x[k] * y[k]).Sum(),
            "all subsets" => x.Zip(y, static (p, q) => 1 + (p * q)).Aggregate(static (p, q) => p * q),
            _ => Math.Exp(-Math.Abs(x[0] - y[0])),
        };
    }

    /// <summary>By Simpson's rule on K_nu(s) = int exp(-s cosh t) cosh(nu t) dt.</summary>
    private static double Matern(double nu, double r)
    {
        double s = Math.Sqrt(2 * nu) * r, sum = 0;
        const int Steps = 4000;
        for (int i = 0; i <= Steps; i++)
        {
            double t = 12.0 * i / Steps;
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-s * Math.Cosh(t)) * Math.Cosh(nu * t);
        }

        // Gamma(0.8), by Abramowitz and Stegun.
        return s == 0 ? 1 : Math.Pow(2, 1 - nu) / 1.1642297137253033 * Math.Pow(s, nu) * sum * 12 / (3 * Steps);
    }
}
