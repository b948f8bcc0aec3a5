using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Xunit;

namespace Polyad.Sketching.Operators;

/// <summary>Known answers over every family: entries, and products of the sketches that sum signed numbers, are the same on any machine and for any instruction set.</summary>
public sealed class SketchBitsTests
{
    private const string KnownEntries = "07DD0839E2DA4ECC013031B1BA693A12460EB4CE3BA7A515702CFCEC05470A19";
    private const string KnownProducts = "779D4FE288C001FAF640212823720C71DB7011732BC57343A93D082BBBCE3887";

    [Fact]
    public void Entries_have_the_known_hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string family in Families.Names.Select(static row => row.Data))
        {
            Add(hash, Families.Create<double>(family, 37, 1000, new SketchState(0x9E3779B97F4A7C15, 3)).ToDense());
            Add(hash, Families.Create<float>(family, 37, 1000, new SketchState(0x9E3779B97F4A7C15, 3)).ToDense());
        }

        Add(hash, new ComplexGaussianSketch(7, 300, 5).ToDense());
        Add(hash, new ComplexRademacherSketch(7, 300, 5).ToDense());
        Check(KnownEntries, hash);
    }

    [Fact]
    public void Sums_of_signed_numbers_have_the_known_hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Tensor<double> a = new CounterRandom(1).Normal<double>(1000, 37);
        Tensor<float> b = new CounterRandom(1).Normal<float>(1000, 37);
        foreach (string family in new[] { "countsketch", "sjlt", "sparse-sign", "rows", "rows-distinct", "srht" })
        {
            Add(hash, Families.Create<double>(family, 90, 1000, 3).Sketch(a));
            Add(hash, Families.Create<float>(family, 90, 1000, 3).Sketch(b));
            Add(hash, Families.Create<double>(family, 90, 1000, 3).SketchRows(Families.Transposed(a)));
        }

        Check(KnownProducts, hash);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task The_bits_are_the_same_without(string instructions)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(SketchBitsTests).Assembly.Location);
        }

        foreach (string method in new[] { nameof(Entries_have_the_known_hash), nameof(Sums_of_signed_numbers_have_the_known_hash) })
        {
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(SketchBitsTests).FullName}.{method}");
        }

        start.Environment[instructions] = "0";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"exit code {child.ExitCode}: {output}");
        Assert.Contains("Total: 2", output, StringComparison.Ordinal);
    }

    private static void Add<T>(IncrementalHash hash, Tensor<T> tensor)
        where T : unmanaged
        => hash.AppendData(MemoryMarshal.AsBytes<T>(tensor.ToArray()));

    private static void Check(string known, IncrementalHash hash)
    {
        string found = Convert.ToHexString(hash.GetHashAndReset());
        Assert.True(known == found, found);
    }
}
