using System.Numerics.Tensors;
using System.Text;
using Polyad.Cli.Files;
using PureHDF;
using Xunit;

namespace Polyad.Cli.Tests;

public class Hdf5FileTests
{
    private enum Flag : byte
    {
        No,
        Yes,
    }

    [Fact]
    public void LengthsStandInTheOrderOfTheFileLastModeFastest()
    {
        using TemporaryFolder folder = new();
        new H5File { ["x"] = new double[,,] { { { 0, 1, 2, 3 }, { 4, 5, 6, 7 }, { 8, 9, 10, 11 } }, { { 12, 13, 14, 15 }, { 16, 17, 18, 19 }, { 20, 21, 22, 23 } } } }.Write(folder["x.h5"]);

        Tensor<double> x = TensorFile.Read<double>(folder["x.h5"]);

        Assert.Equal([2, 3, 4], x.Lengths.ToArray());
        Assert.Equal(Enumerable.Range(0, 24).Select(static i => (double)i), x.ToArray());
    }

    [Fact]
    public void EveryRealTypeIsConverted()
    {
        using TemporaryFolder folder = new();
        Dictionary<string, Array> stored = new()
        {
            ["f4"] = new float[] { 1, 2 }, ["f8"] = new double[] { 1, 2 }, ["i1"] = new sbyte[] { 1, 2 }, ["u1"] = new byte[] { 1, 2 }, ["i2"] = new short[] { 1, 2 },
            ["u2"] = new ushort[] { 1, 2 }, ["i4"] = new int[] { 1, 2 }, ["u4"] = new uint[] { 1, 2 }, ["i8"] = new long[] { 1, 2 }, ["u8"] = new ulong[] { 1, 2 },
        };
        H5File file = new();
        foreach ((string name, Array values) in stored)
        {
            file[name] = values;
        }

        file["flag"] = new Flag[] { Flag.Yes, Flag.No };
        file.Write(folder["x.h5"]);

        Assert.All(stored.Keys, name => Assert.Equal([1f, 2f], TensorFile.Read<float>(folder["x.h5"], name).ToArray()));
        Assert.Equal([1.0, 0.0], TensorFile.Read<double>(folder["x.h5"], "flag").ToArray());
    }

    [Fact]
    public void OneOfSeveralDatasetsIsChosenByItsPathAndOtherwiseTheyAreListed()
    {
        using TemporaryFolder folder = new();
        new H5File { ["a"] = new double[] { 1 }, ["run"] = new H5Group { ["spectra"] = new double[,] { { 1, 2 }, { 3, 4 } }, ["notes"] = new string[] { "text" } } }.Write(folder["x.h5"]);

        Assert.Equal([2, 2], TensorFile.Read<double>(folder["x.h5"], "run/spectra").Lengths.ToArray());
        UsageException none = Assert.Throws<UsageException>(() => TensorFile.Read<double>(folder["x.h5"]));
        Assert.Contains("a (1), run/spectra (2 x 2)", none.Message, StringComparison.Ordinal);
        Assert.Contains("a (1)", Assert.Throws<UsageException>(() => TensorFile.Read<double>(folder["x.h5"], "run/other")).Message, StringComparison.Ordinal);
        Assert.Contains("not real numbers", Assert.Throws<InvalidDataException>(() => TensorFile.Read<double>(folder["x.h5"], "run/notes")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheModesOfAMatFileStandAsInMatlab()
    {
        using TemporaryFolder folder = new();

        // MATLAB's zeros(2, 3, 4) with x(i, j, k) = 100 i + 10 j + k, from 0, is stored as 4 x 3 x 2.
        double[,,] stored = new double[4, 3, 2];
        for (int k = 0; k < 4; k++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int i = 0; i < 2; i++)
                {
                    stored[k, j, i] = (100 * i) + (10 * j) + k;
                }
            }
        }

        HierarchicalFile.WriteMat(folder["x.mat"], new H5File
        {
            ["#refs#"] = new H5Group { ["a"] = HierarchicalFile.Variable(new double[] { 1, 2 }, "double") },
            ["title"] = HierarchicalFile.Variable(new ushort[] { 72, 105 }, "char"),
            ["X"] = HierarchicalFile.Variable(stored, "double"),
        });

        Tensor<double> x = TensorFile.Read<double>(folder["x.mat"]);

        Assert.Equal([2, 3, 4], x.Lengths.ToArray());
        Assert.Equal(from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0, 3) from k in Enumerable.Range(0, 4) select (double)((100 * i) + (10 * j) + k), x.ToArray());
    }

    [Fact]
    public void AnOlderMatFileIsToldHowToBecomeANewOne()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["old.mat"], "MATLAB 5.0 MAT-file, Platform: PCWIN64".PadRight(600));

        ToolRun run = ToolRun.Of("decompose", "cp", folder["old.mat"], "--rank", "1");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("old.mat", run.Error, StringComparison.Ordinal);
        Assert.Contains("-v7.3", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.h5")]
    [InlineData("x.mat")]
    public void FilesThatAreCutShortAreRefusedUnlessTheNumbersAreAllThere(string name)
    {
        using TemporaryFolder folder = new();
        Write(folder[name]);
        byte[] whole = File.ReadAllBytes(folder[name]);
        for (int length = 0; length < whole.Length; length += 53)
        {
            File.WriteAllBytes(folder[name], whole[..length]);
            Tensor<double>? read = null;
            Exception? e = Record.Exception(() => read = TensorFile.Read<double>(folder[name]));
            bool told = e is InvalidDataException && e.Message.StartsWith(folder[name], StringComparison.Ordinal);
            Assert.True(told || (read is not null && read.ToArray().All(static v => v == 1)), $"{length} of {whole.Length} bytes: {e}");
        }
    }

    [Fact]
    public void DamageIsAnErrorOfTheFileOrOtherNumbersNeverACrash()
    {
        using TemporaryFolder folder = new();
        Write(folder["x.h5"]);
        byte[] whole = File.ReadAllBytes(folder["x.h5"]), damaged = new byte[whole.Length];
        CounterRandom draws = new(7);
        int[] places = new int[400], values = new int[400];
        draws.Integers(places, whole.Length);
        draws.WithStream(1).Integers(values, 256);
        for (int k = 0; k < places.Length; k++)
        {
            whole.CopyTo(damaged, 0);
            damaged[places[k]] = (byte)values[k];
            File.WriteAllBytes(folder["x.h5"], damaged);
            Exception? e = Record.Exception(() => TensorFile.Read<double>(folder["x.h5"]));
            Assert.True(e is null or InvalidDataException or UsageException, $"byte {places[k]} = {values[k]}: {e}");
        }
    }

    [Fact]
    public void WhatIsNoHdf5FileIsTwoWithTheFileNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["x.h5"], Encoding.ASCII.GetBytes("what this is, nobody knows"));

        ToolRun run = ToolRun.Of("decompose", "cp", folder["x.h5"], "--rank", "2");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("x.h5: not an HDF5 file", run.Error, StringComparison.Ordinal);
    }

    private static void Write(string path)
    {
        double[] ones = new double[60];
        Array.Fill(ones, 1);
        H5File content = new() { ["group"] = new H5Group { ["x"] = HierarchicalFile.Variable(ones, "double"), ["t"] = new string[] { "a", "b" } } };
        if (path.EndsWith(".mat", StringComparison.Ordinal))
        {
            HierarchicalFile.WriteMat(path, content);
        }
        else
        {
            content.Write(path);
        }
    }
}
