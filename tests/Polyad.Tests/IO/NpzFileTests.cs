using System.IO.Compression;
using System.Numerics.Tensors;
using Polyad.IO;
using Xunit;

namespace Polyad.Tests.IO;

public class NpzFileTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void NamedArraysAreRead(CompressionLevel compression)
    {
        using NpzFile file = NpzFile.Open(new MemoryStream(Archive(compression)), "a.npz");

        Assert.Equal(["first", "second"], file.Names);
        Assert.Equal("f8 2 x 2", file.ReadHeader("second").ToString());
        Assert.Equal(4.0, file.Read<double>("second")[1, 1]);
        Assert.Equal(7f, file.Read<float>("first")[0]);
    }

    [Fact]
    public void WhatIsWrittenReadsBack()
    {
        MemoryStream stream = new();
        using (NpzWriter writer = new(stream))
        {
            writer.Add<double>("core", Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]));
            writer.Add<float>("factor_0", Tensor.Create([7f], [1]));
            Assert.Throws<ArgumentException>(() => writer.Add<float>("core", Tensor.Create([7f], [1])));
            Assert.Throws<NotSupportedException>(() => writer.Add<decimal>("other", Tensor.Create([7m], [1])));
        }

        using NpzFile file = NpzFile.Open(new MemoryStream(stream.ToArray()));
        Assert.Equal(["core", "factor_0"], file.Names);
        Assert.Equal(6.0, file.Read<double>("core")[1, 2]);
        Assert.Equal("f4", file.ReadHeader("factor_0").ElementType);
    }

    [Fact]
    public void AMissingArrayIsNamedWithThoseThatAreThere()
    {
        using NpzFile file = NpzFile.Open(new MemoryStream(Archive(CompressionLevel.Optimal)), "a.npz");

        KeyNotFoundException e = Assert.Throws<KeyNotFoundException>(() => file.Read<double>("third"));
        Assert.Contains("first, second", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoArchiveIsRefused()
        => Assert.StartsWith("a.npz: ", Assert.Throws<InvalidDataException>(() => NpzFile.Open(new MemoryStream(new byte[100]), "a.npz")).Message, StringComparison.Ordinal);

    [Fact]
    public void AHeaderThatPromisesMoreThanItsCompressedDataTakesNoMemoryForIt()
    {
        MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("x.npy").Open();
            entry.Write(NpyBytes.Of("<f8", "(2000000000,)", new byte[800]));
        }

        using NpzFile file = NpzFile.Open(new MemoryStream(stream.ToArray()));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => file.Read<double>("x"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Fact]
    public void MutatedFilesAreReadOrRefused()
    {
        byte[][] valid = [Archive(CompressionLevel.NoCompression), Archive(CompressionLevel.Optimal)];
        Random random = new(2);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] bytes = NpyBytes.Mutate(valid[trial % 2], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            NpyBytes.ReadsOrRefuses(() =>
            {
                using NpzFile file = NpzFile.Open(new MemoryStream(bytes));
                foreach (string name in file.Names)
                {
                    file.Read<double>(name);
                }
            });
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20, $"trial {trial}");
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void ABitThatFlippedInAnArrayIsFound(CompressionLevel compression)
    {
        // Every bit of the archive in turn: an array that can be read is as it was written. (Its name may have changed: no check covers that.)
        byte[] valid = Archive(compression);
        for (int bit = 0; bit < 8 * valid.Length; bit++)
        {
            byte[] bytes = [.. valid];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            NpyBytes.ReadsOrRefuses(() =>
            {
                using NpzFile file = NpzFile.Open(new MemoryStream(bytes));
                foreach (string name in file.Names)
                {
                    double[] read = file.Read<double>(name).ToArray();
                    Assert.Equal(read.Length == 1 ? [7] : [1, 2, 3, 4], read);
                }
            });
        }
    }

    [Fact]
    public void DamageIsTold()
    {
        byte[] bytes = Archive(CompressionLevel.NoCompression);
        bytes[bytes.AsSpan().IndexOf(NpyBytes.Elements([3, 4]))] ^= 1;

        using NpzFile file = NpzFile.Open(new MemoryStream(bytes), "a.npz");
        Assert.Equal(7.0, file.Read<double>("first")[0]);
        Assert.StartsWith("a.npz:second: the content is damaged: ", Assert.Throws<InvalidDataException>(() => file.Read<double>("second")).Message, StringComparison.Ordinal);
    }

    private static byte[] Archive(CompressionLevel compression)
    {
        MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create))
        {
            using (Stream entry = archive.CreateEntry("first.npy", compression).Open())
            {
                entry.Write(NpyBytes.Of("<f8", "(1,)", NpyBytes.Elements([7])));
            }

            using (Stream entry = archive.CreateEntry("second.npy", compression).Open())
            {
                entry.Write(NpyBytes.Of("<f8", "(2, 2)", NpyBytes.Elements([1, 2, 3, 4])));
            }
        }

        return stream.ToArray();
    }
}
