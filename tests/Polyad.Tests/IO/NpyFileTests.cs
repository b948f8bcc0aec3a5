using System.Numerics.Tensors;
using System.Text;
using Polyad.IO;
using Xunit;

namespace Polyad.Tests.IO;

public class NpyFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7, 5)]
    [InlineData(3, 4, 5, 2)]
    [InlineData(0, 3)]
    public void WhatIsWrittenReadsBackEqual(params int[] shape)
    {
        double[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => Math.Sin(i))];
        Tensor<double> tensor = Tensor.Create(values, [.. shape.Select(n => (nint)n)]);
        MemoryStream stream = new();

        NpyFile.Write(stream, tensor);
        stream.Position = 0;
        Tensor<double> read = NpyFile.Read<double>(stream);

        Assert.Equal(shape, read.Lengths.ToArray().Select(n => (int)n));
        Assert.Equal(values, Elements(read));
    }

    [Fact]
    public void ElementsBeginAtAMultipleOf64()
    {
        MemoryStream stream = new();
        NpyFile.Write<float>(stream, Tensor.Create(new float[6], [2, 3]));

        Assert.Equal(0, (stream.Length - 24) % 64);
        Assert.Contains("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", Encoding.ASCII.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void AStridedTensorIsWrittenRowByRow()
    {
        Tensor<double> tensor = Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]);
        MemoryStream stream = new();

        NpyFile.Write<double>(stream, tensor.AsReadOnlyTensorSpan()[0..2, 1..3]);
        stream.Position = 0;

        Assert.Equal([2.0, 3, 5, 6], Elements(NpyFile.Read<double>(stream)));
    }

    [Fact]
    public void FortranOrderBecomesRowMajor()
    {
        // X[i, j, k] = 100 i + 10 j + k, first index fastest.
        double[] stored = [.. from k in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 3) from i in Enumerable.Range(0, 2) select (100.0 * i) + (10 * j) + k];
        double[] expected = [.. from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0, 3) from k in Enumerable.Range(0, 4) select (100.0 * i) + (10 * j) + k];

        Tensor<double> read = Read<double>(NpyBytes.Of("<f8", "(2, 3, 4)", NpyBytes.Elements(stored), fortran: true));

        Assert.Equal(expected, Elements(read));
    }

    [Theory]
    [InlineData("<f8", 8, -2.5)]
    [InlineData(">f8", 8, -2.5)]
    [InlineData("<f4", 4, -2.5)]
    [InlineData(">f4", 4, -2.5)]
    [InlineData("<f2", 2, -2.5)]
    [InlineData("|i1", 1, -2)]
    [InlineData("|u1", 1, 200)]
    [InlineData("<i2", 2, -300)]
    [InlineData(">i2", 2, -300)]
    [InlineData("<u2", 2, 60000)]
    [InlineData(">u2", 2, 60000)]
    [InlineData("<i4", 4, -70000)]
    [InlineData(">u4", 4, 4e9)]
    [InlineData("<i8", 8, -5e9)]
    [InlineData(">i8", 8, -5e9)]
    [InlineData("<u8", 8, 1e19)]
    [InlineData("|b1", 1, 1)]
    public void EveryElementTypeAndByteOrderIsConverted(string type, int size, double value)
    {
        byte[] element = type[1..] switch
        {
            "f8" => BitConverter.GetBytes(value),
            "f4" => BitConverter.GetBytes((float)value),
            "f2" => BitConverter.GetBytes((Half)value),
            "i1" => [unchecked((byte)(sbyte)value)],
            "i2" => BitConverter.GetBytes((short)value),
            "u2" => BitConverter.GetBytes((ushort)value),
            "i4" => BitConverter.GetBytes((int)value),
            "u4" => BitConverter.GetBytes((uint)value),
            "i8" => BitConverter.GetBytes((long)value),
            "u8" => BitConverter.GetBytes((ulong)value),
            _ => [(byte)value],
        };
        if (type[0] == '>')
        {
            Array.Reverse(element);
        }

        byte[] file = NpyBytes.Of(type, "(3,)", [.. element, .. element, .. element]);

        Assert.Equal(size, element.Length);
        Assert.Equal([value, value, value], Elements(Read<double>(file)));
        Assert.Equal((float)value, Elements(Read<float>(file))[2]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void VersionsOneToThreeAreRead(int version)
        => Assert.Equal([1.0, 2], Elements(Read<double>(NpyBytes.Of("<f8", "(2,)", NpyBytes.Elements([1, 2]), version: version))));

    [Fact]
    public void AScalarIsATensorOfOneElement()
        => Assert.Equal([4.0], Elements(Read<double>(NpyBytes.Of("<f8", "()", NpyBytes.Elements([4])))));

    [Theory]
    [InlineData("|O", "(2,)", "pickle")]
    [InlineData("<c16", "(2,)", "element type")]
    [InlineData("<U3", "(2,)", "element type")]
    [InlineData("2 ", "(2,)", "element type")]
    [InlineData("| f", "(2,)", "element type")]
    [InlineData("<f16", "(2,)", "element type")]
    [InlineData("", "(2,)", "element type")]
    [InlineData("<f8", "(2000000000, 2000000000)", "more elements")]
    [InlineData("<f8", "(99999999999999999999,)", "whole numbers")]
    [InlineData("<f8", "(-1,)", "whole numbers")]
    [InlineData("<f8", "(1000000000,)", "needs 8000000000 bytes")]
    [InlineData("<f8", "(3,)", "needs 24 bytes")]
    public void HostileHeadersAreRefusedBeforeMemoryIsTaken(string type, string shape, string reason)
    {
        byte[] file = NpyBytes.Of(type, shape, NpyBytes.Elements([1, 2]));
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Read<double>(file));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("a.npy: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordsAndHugeHeadersAreRefused()
    {
        byte[] records = NpyBytes.OfHeader("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", NpyBytes.Elements([1]));
        Assert.Contains("structured", Assert.Throws<InvalidDataException>(() => Read<double>(records)).Message, StringComparison.Ordinal);

        byte[] huge = NpyBytes.Of("<f8", "(1,)", [], version: 2);
        huge.AsSpan(8, 4).Fill(0x7f);
        Assert.Contains("header claims", Assert.Throws<InvalidDataException>(() => Read<double>(huge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        byte[] file = NpyBytes.Of("<f8", "(2,)", NpyBytes.Elements([1, 2]));
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read<double>(file[..length]));
        }
    }

    [Fact]
    public void MutatedFilesAreReadOrRefusedInBoundedMemory()
    {
        byte[] valid = NpyBytes.Of("<f4", "(3, 4, 5)", new byte[240]);
        Random random = new(1);
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] file = NpyBytes.Mutate(valid, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            NpyBytes.ReadsOrRefuses(() => Read<double>(file));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, $"trial {trial}");
        }
    }

    private static double[] Elements(Tensor<double> tensor)
    {
        double[] values = new double[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    private static float[] Elements(Tensor<float> tensor)
    {
        float[] values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    private static Tensor<T> Read<T>(byte[] file)
        where T : unmanaged, System.Numerics.INumberBase<T>
        => NpyFile.Read<T>(new MemoryStream(file), "a.npy");
}
