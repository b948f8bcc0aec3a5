using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Lab;

public sealed class ExperimentTests
{
    public static TheoryData<string> Names => [.. LabCatalog.All.Select(static e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_experiment_states_its_claim_and_criterion_and_fills_table_and_curves(string name)
    {
        IExperiment experiment = LabCatalog.Get(name);
        List<string> steps = [];

        ExperimentReport report = ExperimentReport.Of(experiment, new ExperimentSettings { Size = LabSize.Smoke }, new Steps(steps));

        Assert.All(new[] { report.Paper, report.Claim, report.Criterion, report.Outcome.Reason, report.Outcome.Setting }, static text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.Matches("(19|20)[0-9][0-9]", report.Paper);
        Assert.Contains("Reproduced:", report.Criterion, StringComparison.Ordinal);
        Assert.Contains("Partly:", report.Criterion, StringComparison.Ordinal);
        Assert.NotEmpty(report.Outcome.Table.Rows);
        Assert.All(report.Outcome.Table.Rows.SelectMany(static row => row), static cell => Assert.True(double.IsFinite(cell.Estimate?.Mean ?? cell.Number ?? 0)));
        Assert.Contains(report.Outcome.Table.Rows.SelectMany(static row => row), static cell => cell.Estimate is { Runs: > 1, StandardError: > 0 });
        Assert.All(report.Outcome.Chart.Series, static series => Assert.NotEmpty(series.Points));
        Assert.NotEmpty(report.Outcome.Chart.Series);
        Assert.NotEmpty(steps);
    }

    [Theory]
    [InlineData("ctr")]
    [InlineData("maclaurin")]
    [InlineData("rff")]
    public void The_same_seed_gives_the_same_table_on_any_number_of_threads_and_another_seed_another_one(string name)
    {
        string[] both = Cells(0), one;
        using (Parallelism.Use(1))
        {
            one = Cells(0);
        }

        Assert.Equal(both, one);
        Assert.NotEqual(both, Cells(1000));

        string[] Cells(ulong seed)
            => [.. LabCatalog.Get(name).Run(new ExperimentSettings { Size = LabSize.Smoke, Seed = seed }).Table.Rows.SelectMany(static row => row).Select(static cell => $"{cell.Text} {cell.Number:R} {cell.Estimate?.Mean:R} {cell.Estimate?.StandardError:R}")];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cancelled_experiment_stops(string name)
        => Assert.ThrowsAny<OperationCanceledException>(() => LabCatalog.Get(name).Run(new ExperimentSettings(), null, new CancellationToken(canceled: true)));

    [Fact]
    public void An_unknown_experiment_is_refused_with_the_names_of_those_there_are()
        => Assert.Contains("ctr, maclaurin, rff, tensorsketch-leverage", Assert.Throws<KeyNotFoundException>(() => LabCatalog.Get("none")).Message, StringComparison.Ordinal);

    private sealed class Steps(List<string> seen) : IProgress<string>
    {
        public void Report(string value) => seen.Add(value);
    }
}
