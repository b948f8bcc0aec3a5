using System.Text;
using Polyad.IO;
using Xunit;

namespace Polyad.Tests.IO;

public class TnsFileTests
{
    [Fact]
    public void CoordinatesCountFromZeroAndLengthsAreTheLargest()
    {
        TnsData data = TnsFile.Read(new StringReader("# a comment\n1 2 3 1.5\r\n4\t1  2 -2 # the last\n\n"));

        Assert.Equal([4, 2, 3], data.Lengths);
        Assert.Equal([0, 3], data.Coordinates[0]);
        Assert.Equal([1, 0], data.Coordinates[1]);
        Assert.Equal([1.5, -2], data.Values);
    }

    [Theory]
    [InlineData("1 2 3 1.5\n1 2 1.5\n", "line 2")]
    [InlineData("1 2 3 1.5\n1 2 3 4 1.5\n", "line 2")]
    [InlineData("0 2 3 1.5\n", "coordinate 1")]
    [InlineData("1 99999999999 3 1.5\n", "coordinate 2")]
    [InlineData("1 2 x\n", "line 1")]
    [InlineData("5\n", "line 1")]
    [InlineData("# nothing\n", "no nonzero")]
    public void WrongLinesAreRefused(string text, string reason)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TnsFile.Read(new StringReader(text), "t.tns"));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("t.tns", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MutatedFilesAreReadOrRefusedInBoundedMemory()
    {
        byte[] valid = Encoding.UTF8.GetBytes("1 2 3 1.0\n2 2 2 1.0\n# comment\n104 11541 11 1e-3\n");
        Random random = new(4);
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] bytes = NpyBytes.Mutate(valid, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            NpyBytes.ReadsOrRefuses(() => TnsFile.Read(new StreamReader(new MemoryStream(bytes))));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, $"trial {trial}");
        }
    }
}
