using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Xunit;

namespace Polyad.Tests.RandomNumbers;

/// <summary>A known answer over every distribution, the same on any machine and for any instruction set.</summary>
public class DrawHashTests
{
    private const string KnownHash = "0B6F4C83B2E463983C4523D0E354D9A39F8D01ECE880DECD0E9FD6803C46D451";

    [Fact]
    public void Draws_have_the_known_hash()
    {
        string hash = Hash();
        Assert.True(hash == KnownHash, hash);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Draws_have_the_known_hash_without(string instructions)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(DrawHashTests).Assembly.Location);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(DrawHashTests).FullName}.{nameof(Draws_have_the_known_hash)}");
        start.Environment[instructions] = "0";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await errors;
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"exit code {child.ExitCode}: {output}{error}"));
        Assert.Contains("1", output, StringComparison.Ordinal);
    }

    private static string Hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        CounterRandom draws = new(0x9E3779B97F4A7C15, 3);
        Add<ulong>((s, at) => draws.Words(s, at));
        Add<double>((s, at) => draws.Uniform(s, at));
        Add<float>((s, at) => draws.Uniform(s, at));
        Add<double>((s, at) => draws.Uniform(s, -3, 4, at));
        Add<float>((s, at) => draws.Uniform(s, -3, 4, at));
        Add<double>((s, at) => draws.Normal(s, at));
        Add<float>((s, at) => draws.Normal(s, at));
        Add<double>((s, at) => draws.Normal(s, 0.1, 3, at));
        Add<float>((s, at) => draws.Normal(s, 0.1f, 3, at));
        Add<double>((s, at) => draws.Signs(s, at));
        Add<int>((s, at) => draws.Integers(s, 12345, at));
        Add<int>((s, at) => draws.Permutation(s.Length).CopyTo(s));
        return Convert.ToHexString(hash.GetHashAndReset());

        void Add<T>(Fill<T> fill)
            where T : unmanaged
        {
            T[] values = new T[30_011];
            fill(values, 17);
            hash.AppendData(MemoryMarshal.AsBytes<T>(values));
        }
    }

    private delegate void Fill<T>(Span<T> destination, ulong start);
}
