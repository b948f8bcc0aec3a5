using Xunit;

namespace Polyad.Cli.Placeholder;

public class PlaceholderTests
{
    [Fact]
    public void Runs() => Assert.Equal(2, 1 + 1);
}
