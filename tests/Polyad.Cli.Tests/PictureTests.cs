using System.Numerics.Tensors;
using Polyad.Cli.Files;
using Xunit;

namespace Polyad.Cli.Tests;

public class PictureTests
{
    [Fact]
    public void WhatIsWrittenUnderTheCaptionReadsBackEqual()
    {
        using TemporaryFolder folder = new();
        double[] pixels = [.. Enumerable.Range(0, 20 * 30 * 3).Select(static i => (double)(i % 256))];

        Picture.WriteRow(folder["a.png"], [("caption", Tensor.Create(pixels, [20, 30, 3]))]);
        Tensor<double> read = Picture.Read(folder["a.png"]);

        Assert.Equal([48, 30, 3], read.Lengths.ToArray());
        double[] below = new double[pixels.Length];
        read[28..48, 0..30, 0..3].FlattenTo(below);
        Assert.Equal(pixels, below);
    }

    [Fact]
    public void DamagedPicturesAreRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.png"], new byte[64]);
        Assert.Throws<InvalidDataException>(() => Picture.Read(folder["a.png"]));

        Picture.WriteRow(folder["b.png"], [("", Tensor.Create(new double[64 * 64 * 3], [64, 64, 3]))]);
        byte[] bytes = File.ReadAllBytes(folder["b.png"]);
        File.WriteAllBytes(folder["b.png"], bytes[..(bytes.Length / 2)]);
        Assert.Throws<InvalidDataException>(() => Picture.Read(folder["b.png"]));
    }

    [Fact]
    public void EveryTruncatedOrMutatedPictureIsReadOrRefused()
    {
        using TemporaryFolder folder = new();
        Picture.WriteRow(folder["a.png"], [("", Tensor.Create([.. Enumerable.Range(0, 9 * 7 * 3).Select(static i => (double)(i * 37 % 256))], [9, 7, 3]))]);
        byte[] valid = File.ReadAllBytes(folder["a.png"]);
        double[] pixels = Read(valid)!;
        for (int length = 0; length < valid.Length; length++)
        {
            // What ends behind the last pixel lacks nothing.
            double[]? read = Read(valid[..length]);
            Assert.True(read is null || read.SequenceEqual(pixels), $"{length} of {valid.Length} bytes");
        }

        Assert.Null(Read(valid[..(valid.Length - 32)]));
        Random random = new(1);
        for (int trial = 0; trial < 500; trial++)
        {
            byte[] bytes = (byte[])valid.Clone();
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Read(bytes);
        }

        double[]? Read(byte[] bytes)
        {
            File.WriteAllBytes(folder["b.png"], bytes);
            try
            {
                return [.. Picture.Read(folder["b.png"])];
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }
    }
}
