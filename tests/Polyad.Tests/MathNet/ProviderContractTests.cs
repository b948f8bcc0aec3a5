using System.Numerics;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.Providers.LinearAlgebra;
using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Torch;
using Xunit;
using static Polyad.Tests.MathNetContract.ProviderSample;
using Transpose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Polyad.Tests.MathNetContract;

/// <summary>Every member of Math.NET's provider contract in double, on every engine that is here.</summary>
public sealed class DoubleProviderContractTests : ProviderContractTests<double>;

/// <summary>Every member of Math.NET's provider contract in float, on every engine that is here.</summary>
public sealed class SingleProviderContractTests : ProviderContractTests<float>;

/// <summary>
/// The contract by definition and beside Math.NET's managed provider: shapes, in-place use, exact zeros, pivots, what must not change.
/// Tolerances are n * eps * norm with the factor 30 of LAPACK's own tests.
/// </summary>
public abstract partial class ProviderContractTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly ILinearAlgebraProvider<T> Own = Typed(ManagedLinearAlgebraProvider.Instance);

    public static TheoryData<string> Engines
    {
        get
        {
            MathNetBackend.Register();
            LapackBackends.Register();
            TorchBackend.Register();
            return [.. Backend.Probe().Where(info => info.Available).Select(info => info.Id)];
        }
    }

    public static TheoryData<string, int> Orders => Combine(Engines, [1, 2, 3, 7, 24, 65]);

    public static TheoryData<string, int, int> Shapes
    {
        get
        {
            TheoryData<string, int, int> all = [];
            foreach (TheoryDataRow<string> engine in Engines)
            {
                foreach ((int m, int n) in new[] { (1, 1), (3, 3), (3, 2), (2, 3), (1, 6), (6, 1), (40, 7), (7, 40), (65, 64), (50, 50), (70, 33) })
                {
                    all.Add(engine.Data, m, n);
                }
            }

            return all;
        }
    }

    private static double Eps => Epsilon<T>();

    private static ILinearAlgebraProvider<T> Provider(string engine) => Typed(new PolyadLinearAlgebraProvider(Backend.Get(engine)));

    private static ILinearAlgebraProvider<T> Typed(object provider) => (ILinearAlgebraProvider<T>)provider;

    private static T Of(double x) => T.CreateChecked(x);

    private static TheoryData<string, int> Combine(TheoryData<string> engines, int[] orders)
    {
        TheoryData<string, int> all = [];
        foreach (TheoryDataRow<string> engine in engines)
        {
            foreach (int order in orders)
            {
                all.Add(engine.Data, order);
            }
        }

        return all;
    }

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double distance = Distance(expected, actual);
        Assert.True(distance <= tolerance, $"distance {distance:G3} > {tolerance:G3}");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_scaled_vector_is_added_with_two_roundings_and_in_place(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        foreach (int n in new[] { 1, 5, 16, 37 })
        {
            T[] x = Random<T>(n, 1, n), y = Random<T>(n, 1, n + 1);
            foreach (T alpha in new[] { T.Zero, T.One, T.Pi, -T.E })
            {
                T[] expected = [.. y.Select((value, i) => value + (alpha * x[i]))], result = new T[n], overY = [.. y], overX = [.. x];
                provider.AddVectorToScaledVector(y, alpha, x, result);
                provider.AddVectorToScaledVector(overY, alpha, x, overY);
                provider.AddVectorToScaledVector(y, alpha, overX, overX);
                Assert.Equal(expected, result);
                Assert.Equal(expected, overY);
                Assert.Equal(expected, overX);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Element_wise_members_are_exact_and_work_in_place(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        const int n = 43;
        T[] x = Random<T>(n, 1, 1), y = Random<T>(n, 1, 2);
        (Action<T[], T[], T[]> Run, Func<T, T, T> Definition)[] members =
        [
            (provider.AddArrays, (a, b) => a + b),
            (provider.SubtractArrays, (a, b) => a - b),
            (provider.PointWiseMultiplyArrays, (a, b) => a * b),
            (provider.PointWiseDivideArrays, (a, b) => a / b),
        ];
        foreach ((Action<T[], T[], T[]> run, Func<T, T, T> definition) in members)
        {
            T[] expected = [.. x.Zip(y, definition)], result = new T[n], overX = [.. x], overY = [.. y];
            run(x, y, result);
            run(overX, y, overX);
            run(x, overY, overY);
            Assert.Equal(expected, result);
            Assert.Equal(expected, overX);
            Assert.Equal(expected, overY);
        }

        foreach (T alpha in new[] { T.Zero, T.One, T.Pi })
        {
            T[] expected = [.. x.Select(value => alpha * value)], result = new T[n], over = [.. x];
            provider.ScaleArray(alpha, x, result);
            provider.ScaleArray(alpha, over, over);
            Assert.Equal(expected, result);
            Assert.Equal(expected, over);
        }

        T[] conjugate = new T[n], itself = [.. x];
        provider.ConjugateArray(x, conjugate);
        provider.ConjugateArray(itself, itself);
        Assert.Equal(x, conjugate);
        Assert.Equal(x, itself);
        double dot = x.Zip(y, (a, b) => double.CreateChecked(a) * double.CreateChecked(b)).Sum();
        Assert.Equal(dot, double.CreateChecked(provider.DotProduct(x, y)), n * Eps);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Powers_are_those_of_the_base_library_on_any_number_of_threads(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        foreach (int n in new[] { 5, 20_001 })
        {
            T[] x = Random<T>(n, 1, 3), y = Random<T>(n, 1, 4);
            (x[1], y[1]) = (Of(-2), Of(3));
            T[] expected = [.. x.Zip(y, T.Pow)], over = [.. x];
            provider.PointWisePowerArrays(over, y, over);
            Assert.Equal(expected, over);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Norms_follow_their_definitions(string engine, int m, int n)
    {
        T[] a = Random<T>(m, n, m + n);
        double[] w = Wide(a);
        double[] rowSums = new double[m], columnSums = new double[n];
        for (int i = 0; i < w.Length; i++)
        {
            rowSums[i % m] += Math.Abs(w[i]);
            columnSums[i / m] += Math.Abs(w[i]);
        }

        ILinearAlgebraProvider<T> provider = Provider(engine);
        double tolerance = m * n * Eps;
        Assert.Equal(columnSums.Max(), provider.MatrixNorm(Norm.OneNorm, m, n, a), columnSums.Max() * tolerance);
        Assert.Equal(rowSums.Max(), provider.MatrixNorm(Norm.InfinityNorm, m, n, a), rowSums.Max() * tolerance);
        Assert.Equal(Largest(w), provider.MatrixNorm(Norm.LargestAbsoluteValue, m, n, a));
        double length = Math.Sqrt(w.Sum(x => x * x));
        Assert.Equal(length, provider.MatrixNorm(Norm.FrobeniusNorm, m, n, a), length * tolerance);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_length_of_huge_and_tiny_matrices_neither_overflows_nor_vanishes(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        T huge = typeof(T) == typeof(float) ? Of(1e30) : Of(1e200), tiny = T.One / huge;
        Assert.Equal(5, provider.MatrixNorm(Norm.FrobeniusNorm, 1, 2, [Of(3) * huge, Of(4) * huge]) / double.CreateChecked(huge), 30 * Eps);
        Assert.Equal(5, provider.MatrixNorm(Norm.FrobeniusNorm, 2, 1, [Of(3) * tiny, Of(4) * tiny]) / double.CreateChecked(tiny), 30 * Eps);
        Assert.True(double.IsNaN(provider.MatrixNorm(Norm.FrobeniusNorm, 2, 1, [T.NaN, T.One])));
        Assert.Equal(0, provider.MatrixNorm(Norm.FrobeniusNorm, 2, 1, [T.Zero, T.Zero]));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_follow_their_definition_for_all_transpositions(string engine, int m, int n)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        const int k = 13;
        double alpha = 1.5, beta = -0.25;
        foreach (bool ta in new[] { false, true })
        {
            foreach (bool tb in new[] { false, true })
            {
                T[] a = Random<T>(m, k, 1), b = Random<T>(k, n, 2), c = Random<T>(m, n, 3), before = [.. c];
                double[] product = Product(a, m, k, ta, b, n, tb), expected = [.. product.Select((p, i) => (alpha * p) + (beta * double.CreateChecked(before[i])))];
                provider.MatrixMultiplyWithUpdate(
                    ta ? Transpose.Transpose : Transpose.DontTranspose, tb ? Transpose.ConjugateTranspose : Transpose.DontTranspose, Of(alpha),
                    a, ta ? k : m, ta ? m : k, b, tb ? n : k, tb ? k : n, Of(beta), c);
                Near(expected, Wide(c), 2 * k * k * Eps);
            }
        }

        T[] x = Random<T>(m, k, 4), y = Random<T>(k, n, 5), z = new T[m * n];
        Array.Fill(z, T.NaN);
        provider.MatrixMultiply(x, m, k, y, k, n, z);
        Near(Product(x, m, k, false, y, n, false), Wide(z), k * k * Eps);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_product_may_be_written_over_either_factor(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        const int n = 17;
        T[] a = Random<T>(n, n, 1), b = Random<T>(n, n, 2), overA = [.. a], overB = [.. b], overBoth = [.. a];
        double[] expected = Product(a, n, n, false, b, n, false), squared = Product(a, n, n, true, a, n, false);
        provider.MatrixMultiply(overA, n, n, b, n, n, overA);
        provider.MatrixMultiply(a, n, n, overB, n, n, overB);
        provider.MatrixMultiplyWithUpdate(Transpose.Transpose, Transpose.DontTranspose, T.One, overBoth, n, n, overBoth, n, n, T.Zero, overBoth);
        Near(expected, Wide(overA), n * n * Eps);
        Near(expected, Wide(overB), n * n * Eps);
        Near(squared, Wide(overBoth), n * n * Eps);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Lu_reports_zero_based_swaps_and_solves(string engine, int n)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        T[] a = Random<T>(n, n, 5), lu = [.. a], own = [.. a];
        int[] pivots = new int[n], ownPivots = new int[n];
        provider.LUFactor(lu, n, pivots);
        Own.LUFactor(own, n, ownPivots);
        Assert.Equal(ownPivots, pivots);
        Near(Wide(own), Wide(lu), 30 * n * n * Eps);

        const int columns = 3;
        T[] x = Random<T>(n, columns, 6), b = [.. Product(a, n, n, false, x, columns, false).Select(Of)], factored = [.. b], kept = [.. a];
        provider.LUSolve(columns, kept, n, b);
        provider.LUSolveFactored(columns, lu, n, pivots, factored);
        Assert.Equal(a, kept);
        Residual(a, n, n, b, x, columns);
        Residual(a, n, n, factored, x, columns);

        T[] inverse = [.. a], inverseFactored = [.. lu];
        provider.LUInverse(inverse, n);
        provider.LUInverseFactored(inverseFactored, n, pivots);
        double[] identity = Identity(n);
        double scale = 30 * n * Eps * Math.Max(1, Largest(Wide(inverse)) * n);
        Near(identity, Product(a, n, n, false, inverse, n, false), scale * n);
        Near(identity, Product(a, n, n, false, inverseFactored, n, false), scale * n);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_pivots_of_the_upstream_example_are_two_two_two(string engine)
    {
        T[] a = [.. new[] { -1.1, 0, -4.4, -2.2, 1.1, 5.5, -3.3, 2.2, 6.6 }.Select(Of)];
        int[] pivots = new int[3];
        Provider(engine).LUFactor(a, 3, pivots);
        Assert.Equal([2, 2, 2], pivots);
        Near([-4.4, 0.25, 0, 5.5, -3.575, -0.307692307692308, 6.6, -4.95, 0.676923076923077], Wide(a), 100 * Eps);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_singular_system_divides_by_zero_as_math_net_does(string engine)
    {
        T[] a = [T.One, Of(2), Of(2), Of(4)], b = [T.One, T.One], own = [.. b];
        Provider(engine).LUSolve(1, a, 2, b);
        Own.LUSolve(1, a, 2, own);
        Assert.Equal(own, b);
        Assert.False(T.IsFinite(b[1]));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Cholesky_zeroes_the_upper_triangle_exactly_and_solves(string engine, int n)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        T[] a = PositiveDefinite<T>(n, 7), l = [.. a], own = [.. a];
        provider.CholeskyFactor(l, n);
        Own.CholeskyFactor(own, n);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < j; i++)
            {
                Assert.Equal(T.Zero, l[i + (j * n)]);
            }
        }

        Near(Wide(own), Wide(l), 30 * n * n * Eps);
        const int columns = 2;
        T[] x = Random<T>(n, columns, 8), b = [.. Product(a, n, n, false, x, columns, false).Select(Of)], factored = [.. b], kept = [.. a];
        provider.CholeskySolve(kept, n, b, columns);
        provider.CholeskySolveFactored(l, n, factored, columns);
        Assert.Equal(a, kept);
        Residual(a, n, n, b, x, columns);
        Residual(a, n, n, factored, x, columns);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Cholesky_of_the_upstream_example_is_exact_and_refuses_what_is_not_positive_definite(string engine)
    {
        ILinearAlgebraProvider<T> provider = Provider(engine);
        T[] a = [.. new[] { 1.0, 1, 1, 1, 1, 5, 5, 5, 1, 5, 14, 14, 1, 5, 14, 15 }.Select(Of)];
        provider.CholeskyFactor(a, 4);
        Assert.Equal(new[] { 1.0, 1, 1, 1, 0, 2, 2, 2, 0, 0, 3, 3, 0, 0, 0, 1 }.Select(Of), a);
        foreach (T bad in new[] { T.Zero, -T.One, T.NaN })
        {
            ArgumentException e = Assert.Throws<ArgumentException>(() => provider.CholeskyFactor([T.One, T.Zero, T.Zero, bad], 2));
            Assert.Equal("Matrix must be positive definite.", e.Message);
        }
    }

    private static double[] Identity(int n)
    {
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            identity[i + (i * n)] = 1;
        }

        return identity;
    }

    /// <summary>The backward error of a solution: |A (x - exact)| is small whatever the condition of A.</summary>
    private static void Residual(T[] a, int m, int n, T[] solution, T[] exact, int columns)
    {
        double[] got = Product(a, m, n, false, solution, columns, false), wanted = Product(a, m, n, false, exact, columns, false);
        double size = Math.Max(Largest(Wide(a)) * n * Math.Max(Largest(Wide(solution)), 1), 1);
        Near(wanted, got, 30 * n * Eps * size);
    }
}
