namespace Polyad.Conformance;

/// <summary>Prints the coverage matrix and asserts that nothing in it is empty. It runs what has not run yet, so its order does not matter.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    [Fact]
    public void No_cell_of_the_coverage_matrix_is_empty()
    {
        CoverageReport report = CoverageReport.Collect();
        output.WriteLine(report.Text);
        string path = Environment.GetEnvironmentVariable(ConformanceRuns.ReportVariable) ?? Path.Combine(AppContext.BaseDirectory, "TestResults", "conformance-coverage.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, report.Text);
        Assert.Equal(0, report.Empty);
    }
}
