using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class CpAlsOptionTests
{
    [Fact]
    public void Fixed_modes_come_back_as_given_and_the_others_are_fitted_to_them()
    {
        Tensor<double>[] planted = Planted.Factors<double>(2, 3, 6, 5, 7);
        Tensor<double> x = Planted.Cp(planted);
        Tensor<double>[] start = Planted.Factors<double>(3, 3, 6, 5, 7);
        start[1] = planted[1];
        double[] before = planted[1].ToArray();
        CpResult<double> result = new CpAls { FixedModes = [1], MaxIterations = 2000, Tolerance = 1e-12 }.Fit(x, start);
        Assert.Equal(before, result.Factors[1].ToArray());
        Assert.Equal(before, planted[1].ToArray());
        Assert.True(result.RelativeError < 1e-7, $"{result.RelativeError}");
        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-13);
        Assert.Equal([0, 1, 2], FactorMatch.Of(result, Planted.Model(planted)).Partners);
        Assert.All(result.Weights.ToArray(), static w => Assert.True(w >= 0));
    }

    [Fact]
    public void With_all_modes_but_one_fixed_the_fit_is_the_linear_least_squares_solution_in_one_sweep()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(6, 5, 4);
        Tensor<double>[] given = Planted.Factors<double>(2, 3, 6, 5, 4);
        foreach (int free in (int[])[0, 1, 2])
        {
            CpResult<double> result = new CpAls { FixedModes = [.. Enumerable.Range(0, 3).Where(n => n != free)] }.Fit(x, given);
            Tensor<double> scores = Planted.Model(given).Transform(x, free);
            Tensor<double>[] expected = [.. given];
            expected[free] = scores;
            Assert.Equal(Planted.Distance(x, Planted.Cp(expected)), result.RelativeError, 1e-12);
            Assert.Equal(result.ErrorHistory[0], result.RelativeError, 1e-12);
        }
    }

    [Fact]
    public void Fixed_modes_need_factors_and_a_free_mode()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Tensor<double>[] given = Planted.Factors<double>(2, 2, 3, 4, 2);
        Assert.Throws<ArgumentException>(() => new CpAls { FixedModes = [0] }.Fit(x, 2));
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => new CpAls { FixedModes = [3] }.Fit(x, given)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CpAls { FixedModes = [0, 1, 2] }.Fit(x, given));
    }

    [Fact]
    public void A_start_from_a_model_takes_its_weights()
    {
        CpTensor<double> model = new(Tensor.Create([5.0, -2, 0.1], [3]), Planted.Factors<double>(2, 3, 6, 5, 7));
        CpResult<double> result = new CpAls { MaxIterations = 1 }.Fit(model.Reconstruct(), model);
        Assert.True(result.RelativeError < 1e-12);
        Assert.Throws<NonFiniteInputException>(() => new CpAls().Fit(model.Reconstruct(), double.NaN * model));
    }

    [Fact]
    public void A_ridge_lowers_the_penalised_sum_of_squares_to_a_stationary_point()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(4, 3, 7, 6, 5)), 0.1, 1);
        const double Ridge = 0.5;
        CpResult<double> result = new CpAls { Ridge = Ridge, MaxIterations = 3000, Tolerance = 1e-14 }.Fit(x, 4);
        Tensor<double>[] factors = [.. result.Distribute().Factors];
        for (int n = 0; n < 3; n++)
        {
            // The gradient of ||X - M||^2 / 2 + ridge / 2 sum ||U||^2 at balanced factors: U (V + ridge I) - MTTKRP.
            Tensor<double> product = TensorAlgebra.Mttkrp(x, factors, n), normal = CpTensorNormal(factors, n);
            double[] predicted = LinearAlgebra.MatMul(factors[n], normal).ToArray();
            double[] u = factors[n].ToArray();
            double gradient = Planted.Norm([.. predicted.Select((p, i) => p + (Ridge * u[i]) - product.ToArray()[i])]);
            Assert.True(gradient < 1e-4 * Planted.Norm(product.ToArray()), $"{gradient}");
        }

        double plain = new CpAls { MaxIterations = 3000 }.Fit(x, 4).RelativeError;
        Assert.True(result.RelativeError > plain);
    }

    [Theory]
    [InlineData(CpInitialization.GramEigen)]
    [InlineData(CpInitialization.RandomizedSvd)]
    public void Subspace_starts_span_the_leading_subspaces(CpInitialization kind)
    {
        // Rank-exact data: the first R columns of each start must span the planted factor.
        Tensor<double>[] planted = Planted.Factors<double>(5, 3, 14, 12, 10);
        Tensor<double>[] start = CpStart.Factors(DenseInput<double>.Of(Planted.Cp(planted), 2), 3, kind, new CounterRandom(1), ManagedBackend.Shared);
        for (int n = 1; n < 3; n++)
        {
            Tensor<double> q = LinearAlgebra.Qr(planted[n]).Q;
            double[] cosines = LinearAlgebra.SingularValues(LinearAlgebra.MatMul(q.AsReadOnlyMatrix().Transpose, LinearAlgebra.Qr(start[n]).Q.AsReadOnlyMatrix())).ToArray();
            Assert.All(cosines, static c => Assert.Equal(1, c, 1e-6));
        }
    }

    [Fact]
    public void Duplicated_components_and_ranks_above_every_length_do_no_harm()
    {
        Tensor<double>[] planted = Planted.Factors<double>(6, 2, 5, 4, 3);
        Tensor<double> x = Planted.Cp([.. planted.Select(f => ComponentOrder.Columns(f, [0, 1, 1]))]);
        CpResult<double> result = new CpAls { MaxIterations = 2000 }.Fit(x, 3);
        Assert.True(result.RelativeError < 1e-5, $"{result.RelativeError}");
        Assert.All(new CpAls { MaxIterations = 50 }.Fit(x, 7).Factors.SelectMany(static f => f.ToArray()), static v => Assert.True(double.IsFinite(v)));
        Assert.True(new CpAls { MaxIterations = 200, Initialization = CpInitialization.RandomizedSvd }.Fit(x, 7).RelativeError < 1e-6);
    }

    [Fact]
    public void Modes_of_one_and_order_two_are_ordinary()
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(5, 1, 4);
        double[] s = LinearAlgebra.SingularValues(Tensor.Create(x.ToArray(), [5, 4])).ToArray();
        foreach (Tensor<double> y in (Tensor<double>[])[x, Tensor.Create(x.ToArray(), [5, 4]), Tensor.Create(x.ToArray(), [1, 5, 1, 4])])
        {
            // Eckart and Young (1936): of a matrix the best model of two components leaves the smaller singular values.
            CpResult<double> result = new CpAls { MaxIterations = 2000, Tolerance = 1e-14 }.Fit(y, 2);
            Assert.Equal(Math.Sqrt(((s[2] * s[2]) + (s[3] * s[3])) / s.Sum(static v => v * v)), result.RelativeError, 1e-8);
        }
    }

    [Fact]
    public void Complex_tensors_are_recovered_and_their_errors_are_exact()
    {
        int recovered = 0;
        for (ulong seed = 0; seed < 6; seed++)
        {
            foreach (CpInitialization kind in (CpInitialization[])[CpInitialization.GramEigen, CpInitialization.Random, CpInitialization.RandomizedSvd])
            {
                Tensor<Complex>[] planted = RandomFactors.Draw<Complex>([6, 8, 7], 3, new CounterRandom(seed));
                CpTensor<Complex> model = Planted.Model(planted);
                Tensor<Complex> x = model.Reconstruct();
                CpResult<Complex> result = new CpAls { Initialization = kind, Seed = seed, Tolerance = 1e-12, MaxIterations = 1000 }.Fit(x, 3);
                recovered += FactorMatch.Of(result, model).Score > 0.9999 ? 1 : 0;
                double square = 0;
                foreach ((Complex u, Complex v) in x.ToArray().Zip(result.Reconstruct().ToArray()))
                {
                    square += Scalar.Square(u - v);
                }

                Assert.Equal(Math.Sqrt(square) / model.Norm(), result.RelativeError, 1e-13);
                Assert.All(result.Weights.ToArray(), static w => Assert.Equal(0, w.Imaginary));
            }
        }

        Assert.True(recovered >= 16, $"{recovered} of 18");
    }

    [Fact]
    public void A_real_tensor_given_as_complex_has_the_same_fit()
    {
        Tensor<double> x = Planted.Noisy(Planted.Cp(Planted.Factors<double>(4, 2, 7, 6, 5, 3)), 0.05, 1);
        Tensor<Complex> z = Tensor.Create([.. x.ToArray().Select(static v => new Complex(v, 0))], x.Lengths);
        Tensor<double>[] start = Planted.Factors<double>(8, 2, 7, 6, 5, 3);
        Tensor<Complex>[] same = [.. start.Select(static f => Tensor.Create([.. f.ToArray().Select(static v => new Complex(v, 0))], f.Lengths))];
        CpResult<double> real = new CpAls { MaxIterations = 12 }.Fit(x, start);
        CpResult<Complex> complex = new CpAls { MaxIterations = 12 }.Fit(z, same);
        Assert.Equal(real.RelativeError, complex.RelativeError, 1e-10);
        Assert.Contains("Complex", Assert.Throws<NotSupportedException>(() => new CpAls().Fit(Tensor.CreateFromShape<decimal>([2, 2]), 1)).Message, StringComparison.Ordinal);
    }

    private static Tensor<double> CpTensorNormal(Tensor<double>[] factors, int mode)
    {
        int rank = (int)factors[0].Lengths[1];
        double[] product = [.. Enumerable.Repeat(1.0, rank * rank)];
        foreach (Tensor<double> f in factors.Where((_, n) => n != mode))
        {
            double[] gram = LinearAlgebra.MatMul(f.AsReadOnlyMatrix().Transpose, f.AsReadOnlyMatrix()).ToArray();
            product = [.. product.Zip(gram, static (a, b) => a * b)];
        }

        return Tensor.Create(product, [rank, rank]);
    }
}
