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
}
