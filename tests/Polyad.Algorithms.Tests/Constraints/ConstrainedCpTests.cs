using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

public class ConstrainedCpTests
{
    [Theory]
    [MemberData(nameof(FactorConstraintTests.All), MemberType = typeof(FactorConstraintTests))]
    public void Every_constraint_holds_exactly_and_the_objective_never_rises(FactorConstraint constraint)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(2, 3, 9, 8, 7)), 0.3, 5);
        ConstrainedCpResult<double> result = new ConstrainedCp { Constraints = [FactorConstraint.NonNegative, constraint, FactorConstraint.None], Tolerance = 0, MaxIterations = 40 }.Fit(x, 3);
        Tensor<double> factor = result.Factors[1];
        if (constraint.Scale != ConstraintScale.Penalized)
        {
            Assert.Equal(0, Planted.Distance(factor, constraint.Apply(factor)), 1e-14);
        }

        Assert.True(result.Factors[0].ToArray().Min() >= 0);
        for (int i = 1; i < result.Iterations; i++)
        {
            Assert.True(result.ObjectiveHistory[i] <= result.ObjectiveHistory[i - 1]);
        }

        Assert.Equal(result.RelativeError, Planted.Distance(x, result.Reconstruct()), 1e-13);
        Assert.Equal(result.ErrorHistory[^1], result.RelativeError, 1e-10);
        Assert.True(double.IsFinite(result.KktResidual));

        // sqrt(2 F) / ||X|| as the history tells it, from its definition; the penalised factor carries the weights.
        Tensor<double> carried = Tensor.Create([.. factor.ToArray().Select((v, i) => v * (constraint.Scale == ConstraintScale.Penalized ? result.Weights[i % 3] : 1))], factor.Lengths);
        double norm = TensorAlgebra.FrobeniusNorm(x), objective = Math.Sqrt((result.RelativeError * result.RelativeError) + (2 * constraint.Penalty(carried) / norm / norm));
        Assert.Equal(objective, result.ObjectiveHistory[^1], 1e-6);
    }

    [Theory]
    [MemberData(nameof(FactorConstraintTests.Convex), MemberType = typeof(FactorConstraintTests))]
    public void No_allowed_factor_beside_a_converged_one_has_a_lower_objective(FactorConstraint constraint)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(8, 3, 9, 8, 7)), 0.3, 5);
        double square = TensorAlgebra.Inner(x, x);
        ConstrainedCpResult<double> result = new ConstrainedCp
        {
            Constraints = [FactorConstraint.NonNegative, constraint, FactorConstraint.NonNegative],
            Tolerance = 1e-12,
            InnerCycles = 200,
            InnerTolerance = 1e-8,
            MaxIterations = 2000,
        }.Fit(x, 3);
        bool penalized = constraint.Scale == ConstraintScale.Penalized;
        double least = Objective(result.Factors[1]);
        for (ulong trial = 0; trial < 200; trial++)
        {
            double far = Math.Pow(10, -(double)(trial % 6));
            double[] noise = new CounterRandom(9, trial).Normal<double>(8, 3).ToArray();
            Tensor<double> other = Tensor.Create([.. result.Factors[1].ToArray().Zip(noise, (u, e) => u + (far * e))], [8, 3]);
            if (!penalized || !constraint.IsSymmetric)
            {
                other = constraint.Apply(other, 1e-300);
            }

            // What the tolerance left to gain in a sweep is some 1e-12 ||X||^2, all sweeps to come together far more.
            Assert.True(Objective(other) >= least - (1e-8 * square), $"{constraint.Name}: {Objective(other) - least}");
        }

        double Objective(Tensor<double> factor)
        {
            Tensor<double> model = (result with { Factors = [result.Factors[0], factor, result.Factors[2]] }).Reconstruct();
            Tensor<double> carried = Tensor.Create([.. factor.ToArray().Select((u, i) => u * result.Weights[i % 3])], [8, 3]);
            double distance = model.ToArray().Zip(x.ToArray(), static (m, a) => (m - a) * (m - a)).Sum();
            return (0.5 * distance) + (penalized ? constraint.Penalty(carried) : 0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Non_negativity_gives_the_model_of_the_non_negative_solver(bool extrapolate)
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(3, 3, 10, 9, 8)), 0.2, 1);
        ConstrainedCpResult<double> hals = new NonNegativeCp { Tolerance = 1e-13, MaxIterations = 5000 }.Fit(x, 3);
        ConstrainedCpResult<double> admm = new ConstrainedCp { Constraints = [FactorConstraint.NonNegative], Extrapolate = extrapolate, Tolerance = 1e-13, InnerTolerance = 1e-6, InnerCycles = 200, MaxIterations = 5000 }.Fit(x, 3);
        Assert.Equal(hals.RelativeError, admm.RelativeError, 1e-7);
        Assert.True(Planted.Match([.. hals.Factors], admm.Factors) > 1 - 1e-6);
        Assert.True(admm.KktResidual < 1e-5, admm.KktResidual.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Planted_shapes_are_recovered()
    {
        // Peaks, decays, mixtures and sparse columns.
        Tensor<double> peaks = Tensor.CreateFromShape<double>([20, 3]), falls = Tensor.CreateFromShape<double>([12, 3]), mixtures = FactorConstraint.Simplex().Apply(new CounterRandom(1).Normal<double>(15, 3));
        Tensor<double> sparse = FactorConstraint.HardSparsity(4).Apply(new CounterRandom(2).Normal<double>(14, 3));
        for (int r = 0; r < 3; r++)
        {
            for (int i = 0; i < 20; i++)
            {
                peaks[i, r] = Math.Exp(-0.5 * Math.Pow((i - 4 - (5 * r)) / (1.5 + r), 2));
            }

            for (int i = 0; i < 12; i++)
            {
                falls[i, r] = Math.Exp(-i / (1.0 + (2 * r)));
            }
        }

        (FactorConstraint Constraint, Tensor<double> Factor)[] shapes =
        [
            (FactorConstraint.Unimodal(true), peaks), (FactorConstraint.NonNegative, peaks), (FactorConstraint.Monotone(true), falls),
            (FactorConstraint.Simplex(), mixtures), (FactorConstraint.HardSparsity(4), sparse), (FactorConstraint.Orthonormal, LinearAlgebra.Qr(new CounterRandom(3).Normal<double>(10, 3)).Q),
        ];
        foreach ((FactorConstraint constraint, Tensor<double> factor) in shapes)
        {
            Tensor<double>[] planted = [factor, .. PlantedPositive.Factors(4, 3, 9, 8)];
            ConstrainedCpResult<double> result = new ConstrainedCp
            {
                Constraints = [constraint, FactorConstraint.NonNegative, FactorConstraint.NonNegative],
                Restarts = 5,
                Tolerance = 1e-12,
                MaxIterations = 3000,
            }.Fit(Planted.Cp(planted), 3);
            Assert.True(Planted.Match(planted, result.Factors) > 0.9999, $"{constraint}: {Planted.Match(planted, result.Factors)}, error {result.RelativeError}");
        }
    }

    [Fact]
    public void Penalties_shrink_what_they_are_meant_to()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(5, 3, 16, 9, 8)), 0.5, 3);
        double norm = TensorAlgebra.FrobeniusNorm(x);
        ConstrainedCpResult<double> Fit(FactorConstraint first) => new ConstrainedCp { Constraints = [first, FactorConstraint.NonNegative, FactorConstraint.NonNegative], Tolerance = 1e-11 }.Fit(x, 3);
        ConstrainedCpResult<double> plain = Fit(FactorConstraint.None), lasso = Fit(FactorConstraint.L1(0.05 * norm)), smooth = Fit(FactorConstraint.Smooth(20)), group = Fit(FactorConstraint.L2(0.35 * norm));
        Assert.Equal(0, plain.Factors[0].ToArray().Count(static v => v == 0));
        Assert.True(lasso.Factors[0].ToArray().Count(static v => v == 0) > 5);
        Assert.True(Roughness(smooth) < 0.7 * Roughness(plain));

        // Group sparsity switches components off as a whole.
        Assert.Contains(0, Enumerable.Range(0, 3).Select(r => PlantedPositive.Column(group.Factors[0], r).Count(static v => v != 0)));

        // Columns beside a penalty stay within the unit ball, so that it cannot be escaped.
        Assert.All([lasso, smooth], model => Assert.All(model.Factors.Skip(1), static f => Assert.All(Enumerable.Range(0, 3), r => Assert.True(PlantedPositive.Column(f, r).Sum(static v => v * v) < 1 + 1e-12))));

        static double Roughness(CpResult<double> model) => Enumerable.Range(0, 3).Average(r =>
        {
            double[] u = PlantedPositive.Column(model.Factors[0], r);
            return u.Zip(u.Skip(1), static (a, b) => (b - a) * (b - a)).Sum() / u.Sum(static v => v * v);
        });
    }

    [Fact]
    public void A_constraint_of_the_callers_own_is_as_good()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(6, 2, 8, 7, 6)), 0.2, 3);
        ConstrainedCpResult<double> result = new ConstrainedCp { Constraints = [new WholeNumbers(), FactorConstraint.NonNegative, FactorConstraint.NonNegative], MaxIterations = 50 }.Fit(x, 2);
        Assert.All(result.Factors[0].ToArray(), static v => Assert.Equal(Math.Round(v), v));
        Assert.Contains(result.Factors[0].ToArray(), static v => v != 0);
        Assert.True(result.RelativeError < 0.6, result.RelativeError.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_resumed_fit_is_bit_for_bit_the_uninterrupted_one()
    {
        Tensor<double> x = PlantedPositive.Noisy(Planted.Cp(PlantedPositive.Factors(7, 3, 8, 7, 6)), 0.3, 3);
        CpBlockDescent Make(bool admm, CheckpointPlan? plan, FitCheckpoint? resume) => admm
            ? new ConstrainedCp
            {
                Constraints = [FactorConstraint.L1(0.1), FactorConstraint.Unimodal(true), FactorConstraint.NonNegative], Restarts = 2, MaxIterations = 17, Tolerance = 0, Seed = 4, Checkpoint = plan, Resume = resume,
            }
            : new NonNegativeCp { Restarts = 2, MaxIterations = 17, Tolerance = 0, Seed = 4, Checkpoint = plan, Resume = resume };
        foreach (bool admm in new[] { false, true })
        {
            List<FitCheckpoint> left = [];
            ConstrainedCpResult<double> whole = Make(admm, new CheckpointPlan { Every = 5, Callback = left.Add }, null).Fit(x, 3);
            Assert.Equal(6, left.Count);
            foreach (FitCheckpoint checkpoint in left)
            {
                ConstrainedCpResult<double> resumed = Make(admm, null, checkpoint).Fit(x, 3);
                Assert.Equal(whole.ErrorHistory, resumed.ErrorHistory);
                Assert.Equal(whole.ObjectiveHistory, resumed.ObjectiveHistory);
                Assert.Equal((whole.RelativeError, whole.KktResidual, whole.Iterations), (resumed.RelativeError, resumed.KktResidual, resumed.Iterations));
                Assert.Equal(whole.Factors[1].ToArray(), resumed.Factors[1].ToArray());
            }

            Assert.Throws<ArgumentException>(() => Make(admm, null, left[0]).Fit(x, 2));
        }
    }

    [Fact]
    public void A_saved_fit_is_read_back_whole()
    {
        string path = Path.Combine(Path.GetTempPath(), $"polyad-{Guid.NewGuid():N}.npz");
        try
        {
            ConstrainedCpResult<double> fit = new ConstrainedCp { Constraints = [FactorConstraint.L1(0.1)], MaxIterations = 7 }.Fit(new CounterRandom(4).Normal<double>(4, 3, 5), 2);
            fit.Save(path);
            ConstrainedCpResult<double> read = ConstrainedCpResult<double>.Load(path);
            Assert.Equal(fit.ObjectiveHistory, read.ObjectiveHistory);
            Assert.Equal((fit.RelativeError, fit.KktResidual, fit.Converged), (read.RelativeError, read.KktResidual, read.Converged));
            Assert.Equal(fit.Factors[2].ToArray(), CpResult<double>.Load(path).Factors[2].ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Nonsense_is_refused_before_any_work()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(3, 4, 2);
        Assert.Contains("[3, 4, 2]", Assert.Throws<ArgumentException>(() => new ConstrainedCp { Constraints = [FactorConstraint.None, FactorConstraint.None] }.Fit(x, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("2 x 3", Assert.Throws<ArgumentException>(() => new ConstrainedCp { Constraints = [FactorConstraint.Orthonormal] }.Fit(x, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ConstrainedCp { Constraints = [FactorConstraint.None, null!, FactorConstraint.None] }.Fit(x, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstrainedCp { InnerCycles = 0 }.Fit(x, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstrainedCp { InnerTolerance = -1 }.Fit(x, 2));
        Tensor<double> huge = Tensor.Create([.. x.ToArray().Select(static v => 1e200 * v)], x.Lengths);
        Assert.Throws<ArgumentException>(() => new ConstrainedCp { Constraints = [FactorConstraint.L1(1)] }.Fit(huge, 2));
        Assert.True(new ConstrainedCp { Constraints = [FactorConstraint.NonNegative] }.Fit(huge, 2).RelativeError < 1);
    }

    private sealed class WholeNumbers : FactorConstraint
    {
        public override string Name => "whole numbers";

        public override ConstraintScale Scale => ConstraintScale.Bounded;

        public override bool IsConvex => false;

        public override bool IsSymmetric => true;

        protected override void ApplyCore<T>(Span<T> columns, int length, double t)
        {
            foreach (ref T value in columns)
            {
                value = T.Round(value);
            }
        }
    }
}
