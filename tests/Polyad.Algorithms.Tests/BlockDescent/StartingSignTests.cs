using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Starts of fits with non-negative modes: the signs of their columns, and components that vanish.</summary>
public class StartingSignTests
{
    private const int Rank = 3;

    private static readonly nint[] Lengths = [9, 8, 7];

    public static TheoryData<CpInitialization, string> Starts
        => new(from start in new[] { CpInitialization.GramEigen, CpInitialization.RandomizedSvd, CpInitialization.Random } from modes in new[] { "0", "1", "2", "01", "02", "12", "012" } select (start, modes));

    /// <summary>
    /// Exact tensors of rank 3, normal factors made positive in the named modes: at least 18 of 20 seeds end at the planted model, whichever modes are non-negative, whichever comes first, and wherever a fit begins. What
    /// is not found ends in another optimum (the lowest seen has the error 0.02) or on its way to infinite components, which a free mode allows; what the tolerance leaves to gain is below 1e-4.
    /// </summary>
    [Theory]
    [MemberData(nameof(Starts))]
    public void Planted_models_are_found_from_every_start(CpInitialization start, string modes)
    {
        int[] nonNegative = [.. modes.Select(static c => c - '0')];
        int byAdmm = 0, byHals = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            Tensor<double> x = Planted.Cp(Factors(seed, nonNegative));
            ConstrainedCpResult<double> admm = new ConstrainedCp { Constraints = Constraints(nonNegative), Initialization = start, Seed = seed, Tolerance = 1e-10, MaxIterations = 2000 }.Fit(x, Rank);
            ConstrainedCpResult<double> hals = new NonNegativeCp { NonNegativeModes = nonNegative, Initialization = start, Seed = seed, Tolerance = 1e-10, MaxIterations = 2000 }.Fit(x, Rank);
            byAdmm += admm.RelativeError < 1e-4 ? 1 : 0;
            byHals += hals.RelativeError < 1e-4 ? 1 : 0;
            Assert.All([admm, hals], static fit => Assert.All(fit.ObjectiveHistory.Zip(fit.ObjectiveHistory.Skip(1)), static pair => Assert.True(pair.Second <= pair.First)));
        }

        Assert.True(byAdmm >= 18 && byHals >= 18, $"{byAdmm} by ADMM and {byHals} by HALS of 20");
    }

    /// <summary>All columns of free modes turned: the model is another one, but a fit loses nothing by it.</summary>
    [Fact]
    public void A_start_with_the_wrong_signs_is_as_good()
    {
        Tensor<double>[] planted = Factors(5, [0]), turned = [planted[0], Negative(planted[1]), planted[2]];
        ConstrainedCpResult<double> fit = new ConstrainedCp { Constraints = Constraints([0]) }.Fit(Planted.Cp(planted), turned);
        Assert.True(fit.RelativeError < 1e-7 && fit.Iterations <= 10, $"{fit.RelativeError} after {fit.Iterations}");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void A_component_that_has_vanished_returns_where_the_data_have_room_for_it(int mode, bool admm)
    {
        Tensor<double>[] planted = Factors(7, [0, 1, 2]), start = [.. planted.Select(static f => Tensor.Create(f.ToArray(), f.Lengths))];
        for (int i = 0; i < Lengths[mode]; i++)
        {
            start[mode][i, 1] = 0;
        }

        CpBlockDescent method = admm ? new ConstrainedCp { Constraints = [FactorConstraint.NonNegative], Tolerance = 1e-10 } : new NonNegativeCp { Tolerance = 1e-10 };
        ConstrainedCpResult<double> fit = method.Fit(Planted.Cp(planted), start);
        Assert.True(fit.RelativeError < 1e-4, $"{fit.RelativeError}");
        Assert.True(Planted.Match(planted, fit.Factors) > 0.9999);
    }

    [Fact]
    public void A_component_that_is_not_needed_ends_with_weight_zero_or_shares_one_and_the_fit_converges()
    {
        Tensor<double> x = Planted.Cp(Factors(3, [0, 1, 2]));
        ConstrainedCpResult<double> fit = new NonNegativeCp().Fit(x, Rank + 2);
        Assert.True(fit.Converged && fit.RelativeError < 1e-4, $"{fit.RelativeError}");
        Assert.Equal(fit.RelativeError, Planted.Distance(x, fit.Reconstruct()), 1e-13);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fit_resumed_after_a_revival_is_bit_for_bit_the_uninterrupted_one(bool admm)
    {
        Tensor<double>[] planted = Factors(7, [0, 1, 2]), start = [.. planted.Select(static f => Tensor.Create(f.ToArray(), f.Lengths))];
        start[1] = Tensor.Create([.. start[1].ToArray().Select(static (v, i) => i % Rank == 0 ? 0 : v)], start[1].Lengths);
        CpBlockDescent Make(CheckpointPlan? plan, FitCheckpoint? resume) => admm
            ? new ConstrainedCp { Constraints = [FactorConstraint.NonNegative], MaxIterations = 9, Tolerance = 0, Checkpoint = plan, Resume = resume }
            : new NonNegativeCp { MaxIterations = 9, Tolerance = 0, Checkpoint = plan, Resume = resume };
        List<FitCheckpoint> left = [];
        ConstrainedCpResult<double> whole = Make(new CheckpointPlan { Every = 1, Callback = left.Add }, null).Fit(Planted.Cp(planted), start);
        foreach (FitCheckpoint checkpoint in left)
        {
            ConstrainedCpResult<double> resumed = Make(null, checkpoint).Fit(Planted.Cp(planted), start);
            Assert.Equal(whole.ObjectiveHistory, resumed.ObjectiveHistory);
            Assert.Equal(whole.Factors[2].ToArray(), resumed.Factors[2].ToArray());
        }
    }

    private static Tensor<double>[] Factors(ulong seed, int[] nonNegative)
        => [.. Planted.Factors<double>(seed, Rank, Lengths).Select((f, n) => nonNegative.Contains(n) ? Tensor.Create([.. f.ToArray().Select(Math.Abs)], f.Lengths) : f)];

    private static FactorConstraint[] Constraints(int[] nonNegative)
        => [.. Lengths.Select((_, n) => nonNegative.Contains(n) ? FactorConstraint.NonNegative : FactorConstraint.None)];

    private static Tensor<double> Negative(Tensor<double> factor) => Tensor.Create([.. factor.ToArray().Select(static v => -v)], factor.Lengths);
}
