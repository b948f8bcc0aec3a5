using System.Numerics.Tensors;
using System.Text;
using Polyad.IO;
using Xunit;

namespace Polyad.Tests.IO;

public class CsvFileTests
{
    [Theory]
    [InlineData("a,b,c\n1,2,3\n4,5,6\n")]
    [InlineData("a;b;c\r\n1;2;3\r\n4;5;6")]
    [InlineData("a\tb\tc\n\n1\t2\t3\n\n4\t5\t6\n\n")]
    [InlineData("\"a\",\"b\",c\n\"1\",2, 3 \n4,5e0,+6\n")]
    public void DelimiterHeaderAndQuotesAreUnderstood(string text)
    {
        CsvTable table = CsvFile.Read(new StringReader(text));

        Assert.Equal(["a", "b", "c"], table.ColumnNames);
        Assert.Equal([2, 3], table.Values.Lengths.ToArray());
        Assert.Equal(6, table.Values[1, 2]);
    }

    [Fact]
    public void WithoutAHeaderColumnsAreNumbered()
    {
        CsvTable table = CsvFile.Read(new StringReader("1,2\n3,4\n"));

        Assert.Equal(["0", "1"], table.ColumnNames);
        Assert.Equal([2, 2], table.Values.Lengths.ToArray());
    }

    [Fact]
    public void QuotedNamesMayHoldDelimitersQuotesAndBreaks()
        => Assert.Equal(["a,\"b\"", "c\nd"], CsvFile.Read(new StringReader("\"a,\"\"b\"\"\",\"c\nd\"\n1,2\n")).ColumnNames);

    [Fact]
    public void EmptyFieldsAreNaN()
    {
        CsvTable table = CsvFile.Read(new StringReader("a,b,c\n1,,NA\ninf,-inf,nan\n"));

        Assert.True(double.IsNaN(table.Values[0, 1]) && double.IsNaN(table.Values[0, 2]) && double.IsNaN(table.Values[1, 2]));
        Assert.Equal(double.NegativeInfinity, table.Values[1, 1]);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3: 1 fields where 2")]
    [InlineData("a,b\n1,2\n3,x\n", "line 3, column 2 ('b'): 'x' is not a number")]
    [InlineData("", "no record")]
    [InlineData("a,b\n\"1,2\n", "quote is not closed")]
    public void WrongTablesAreRefusedWithTheirLine(string text, string reason)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CsvFile.Read(new StringReader(text), "t.csv"));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("t.csv", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", "y,z")]
    [InlineData("a;b", "c;d;e")]
    [InlineData("a\tb", "c\t\td")]
    [InlineData("\"", "a\nb")]
    [InlineData("0", "1")]
    public void WhatIsWrittenReadsBackEqual(string first, string second)
    {
        string path = Path.Combine(Path.GetTempPath(), $"polyad-{Guid.NewGuid():N}.csv");
        try
        {
            CsvFile.Write(path, new CsvTable([first, second], Tensor.Create([0.1, 1.0 / 3, double.MaxValue, -0.0], [2, 2])));
            CsvTable read = CsvFile.Read(path);
            Assert.Equal([first, second], read.ColumnNames);
            Assert.Equal([2, 2], read.Values.Lengths.ToArray());
            Assert.Equal(1.0 / 3, read.Values[0, 1]);
            Assert.Equal(double.MaxValue, read.Values[1, 0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void MutatedTablesAreReadOrRefused()
    {
        byte[] valid = Encoding.UTF8.GetBytes("first,\"second\",third\n1.5,-2e3,3\n4,,6\n7,8,9\n");
        Random random = new(3);
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] bytes = NpyBytes.Mutate(valid, random);
            NpyBytes.ReadsOrRefuses(() => CsvFile.Read(new StreamReader(new MemoryStream(bytes))));
        }
    }
}
