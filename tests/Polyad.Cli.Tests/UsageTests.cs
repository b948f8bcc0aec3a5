using Xunit;

namespace Polyad.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("bogus")]
    [InlineData("compare --no-such-option")]
    [InlineData("compare --rounds many")]
    [InlineData("compare --rounds 0")]
    [InlineData("compare --ops gemm,nonsense")]
    [InlineData("compare --ops gemm --sizes 12,-3")]
    [InlineData("compare --ops gemm --shapes 3y4")]
    [InlineData("compare --ops eigh --shapes 30x40")]
    [InlineData("compare --ops unfold --shapes 3x4x5 --mode 3")]
    [InlineData("compare --dtype f16")]
    [InlineData("compare --threads 0")]
    public void WrongUsageIsTwoWithOneClearLineAndNoStackTrace(string line)
    {
        ToolRun run = ToolRun.Of(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("polyad: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEngineThatCannotBeHadIsThreeWithTheReason()
    {
        ToolRun run = ToolRun.Of("compare", "--backends", "nonsense", "--ops", "gemm");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("'nonsense'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void HelpListsTheCommands()
    {
        ToolRun run = ToolRun.Of("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("compare", run.Output, StringComparison.Ordinal);
        Assert.Contains("info", run.Output, StringComparison.Ordinal);
    }
}
