using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class NonNegativeLeastSquaresTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void The_exact_solution_is_the_best_of_all_supports(int unknowns)
    {
        for (ulong trial = 0; trial < 10; trial++)
        {
            Tensor<double> a = new CounterRandom(1, trial).Normal<double>(9, unknowns), b = new CounterRandom(2, trial).Normal<double>(9, 4);
            NonNegativeSolution<double> found = NonNegativeLeastSquares.Solve(a, b);
            Assert.True(found.Converged);
            Assert.True(found.KktResidual < 1e-13);
            for (int column = 0; column < 4; column++)
            {
                double[] x = [.. Enumerable.Range(0, unknowns).Select(i => found.X[i, column])];
                Assert.All(x, static value => Assert.True(value >= 0));
                Assert.Equal(BestOfAllSupports(a, b, column), SquareDistance(a, x, b, column), 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(NonNegativeMethod.Hals)]
    [InlineData(NonNegativeMethod.MultiplicativeUpdate)]
    public void Iterations_reach_the_exact_solution(NonNegativeMethod method)
    {
        // A positive A as well, where the multiplicative update is the classic one.
        foreach (double shift in new[] { 0.0, 1.5 })
        {
            Tensor<double> a = Shifted(new CounterRandom(3).Normal<double>(40, 7), shift), b = Shifted(new CounterRandom(4).Normal<double>(40, 70), shift);
            NonNegativeSolution<double> exact = NonNegativeLeastSquares.Solve(a, b), found = NonNegativeLeastSquares.Solve(a, b, method, 1e-10, 200_000);
            Assert.True(found.Converged, $"{found.KktResidual}");
            Assert.True(Planted.Distance(exact.X, found.X) < 1e-8, $"{Planted.Distance(exact.X, found.X)}");
        }
    }

    [Fact]
    public void Single_precision_reaches_its_own_accuracy()
    {
        Tensor<float> a = new CounterRandom(3).Normal<float>(40, 7), b = new CounterRandom(4).Normal<float>(40, 70);
        Tensor<double> wide = NonNegativeLeastSquares.Solve(Wide(a), Wide(b)).X;
        foreach (NonNegativeMethod method in new[] { NonNegativeMethod.Exact, NonNegativeMethod.Hals })
        {
            NonNegativeSolution<float> found = NonNegativeLeastSquares.Solve(a, b, method);
            Assert.True(found.Converged);
            Assert.True(Planted.Distance(wide, Wide(found.X)) < 1e-4);
        }
    }

    [Theory]
    [InlineData(NonNegativeMethod.Exact)]
    [InlineData(NonNegativeMethod.Hals)]
    public void Dependent_and_missing_columns_do_no_harm(NonNegativeMethod method)
    {
        Tensor<double> a = new CounterRandom(5).Normal<double>(12, 5), b = new CounterRandom(6).Normal<double>(12, 30);
        for (int i = 0; i < 12; i++)
        {
            a[i, 3] = a[i, 1];
            a[i, 4] = 0;
        }

        NonNegativeSolution<double> found = NonNegativeLeastSquares.Solve(a, b, method, 1e-12);
        Assert.True(found.Converged);
        for (int column = 0; column < 30; column++)
        {
            Assert.Equal(0, found.X[4, column]);
            Assert.Equal(BestOfAllSupports(a, b, column, 3), SquareDistance(a, [.. Enumerable.Range(0, 5).Select(i => found.X[i, column])], b, column), 1e-10);
        }
    }

    [Fact]
    public void Normal_equations_may_be_given_and_threads_change_nothing()
    {
        Tensor<double> a = new CounterRandom(7).Normal<double>(50, 30), b = new CounterRandom(8).Normal<double>(50, 900);
        Tensor<double> gram = LinearAlgebra.Gram(a.AsReadOnlyMatrix().Transpose), right = LinearAlgebra.MatMul(a.AsReadOnlyMatrix().Transpose, b.AsReadOnlyMatrix());
        foreach (NonNegativeMethod method in new[] { NonNegativeMethod.Exact, NonNegativeMethod.Hals })
        {
            Tensor<double> one = NonNegativeLeastSquares.SolveNormal(gram, right, method, backend: new ManagedBackend(1)).X, two = NonNegativeLeastSquares.SolveNormal(gram, right, method, backend: new ManagedBackend(2)).X;
            Assert.Equal(one.ToArray(), two.ToArray());
            Assert.True(Planted.Distance(NonNegativeLeastSquares.Solve(a, b).X, one) < 1e-7);
        }
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(4, 2), b = new CounterRandom(1).Normal<double>(5, 2);
        Assert.Contains("[5, 2]", Assert.Throws<ArgumentException>(() => NonNegativeLeastSquares.Solve(a, b)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NonNegativeLeastSquares.SolveNormal(a, b));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonNegativeLeastSquares.Solve(a, a, tolerance: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonNegativeLeastSquares.Solve(a, a, maxCycles: 0));
        a[0, 0] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => NonNegativeLeastSquares.Solve(a, a));
    }

    private static double BestOfAllSupports(Tensor<double> a, Tensor<double> b, int column, int used = -1)
    {
        int n = used < 0 ? (int)a.Lengths[1] : used;
        double best = double.MaxValue;
        for (int support = 0; support < 1 << n; support++)
        {
            int[] set = [.. Enumerable.Range(0, n).Where(i => (support >> i & 1) == 1)];
            double[] x = new double[a.Lengths[1]];
            if (set.Length > 0)
            {
                Tensor<double> part = Tensor.CreateFromShape<double>([a.Lengths[0], set.Length]), right = Tensor.CreateFromShape<double>([a.Lengths[0], 1]);
                for (int i = 0; i < a.Lengths[0]; i++)
                {
                    right[i, 0] = b[i, column];
                    for (int k = 0; k < set.Length; k++)
                    {
                        part[i, k] = a[i, set[k]];
                    }
                }

                double[] solution = LinearAlgebra.LeastSquares(part, right).Solution.ToArray();
                for (int k = 0; k < set.Length; k++)
                {
                    x[set[k]] = solution[k];
                }
            }

            best = x.Min() >= 0 ? Math.Min(best, SquareDistance(a, x, b, column)) : best;
        }

        return best;
    }

    private static double SquareDistance(Tensor<double> a, double[] x, Tensor<double> b, int column)
        => Enumerable.Range(0, (int)a.Lengths[0]).Sum(i =>
        {
            double difference = b[i, column] - x.Select((value, k) => a[i, k] * value).Sum();
            return difference * difference;
        });

    private static Tensor<double> Shifted(Tensor<double> a, double shift) => Tensor.Create([.. a.ToArray().Select(value => shift == 0 ? value : Math.Abs(value) + (0.1 * shift))], a.Lengths);

    private static Tensor<double> Wide(Tensor<float> a) => Tensor.Create([.. a.ToArray().Select(static value => (double)value)], a.Lengths);
}
