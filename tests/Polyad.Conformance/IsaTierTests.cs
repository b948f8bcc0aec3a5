using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Polyad.Conformance;

/// <summary>The whole suite again for the managed engine in child processes: each instruction-set tier, one thread and two.</summary>
public sealed class IsaTierTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    public static TheoryData<string, int> Tiers => new()
    {
        { "", 1 }, { "DOTNET_EnableAVX512", 1 }, { "DOTNET_EnableAVX512", 2 }, { "DOTNET_EnableAVX2", 1 }, { "DOTNET_EnableAVX2", 2 }, { "DOTNET_EnableHWIntrinsic", 1 }, { "DOTNET_EnableHWIntrinsic", 2 },
    };

    [Theory]
    [MemberData(nameof(Tiers))]
    public async Task Suite_holds_on_each_instruction_set_and_thread_count(string switchedOff, int threads)
    {
        if (ConformanceRuns.IsChild)
        {
            return;
        }

        string report = Path.Combine(AppContext.BaseDirectory, "TestResults", $"conformance-{(switchedOff.Length == 0 ? "default" : switchedOff)}-{threads}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!); // a fresh clone has no results yet
        File.Delete(report);
        ProcessStartInfo start = Self(threads);
        start.Environment[ConformanceRuns.ChildVariable] = "1";
        start.Environment[ConformanceRuns.ThreadsVariable] = threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment[ConformanceRuns.ReportVariable] = report;
        if (switchedOff.Length > 0)
        {
            start.Environment[switchedOff] = "0";
        }

        using Process child = Process.Start(start)!;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> standard = child.StandardOutput.ReadToEndAsync(cancellation), errors = child.StandardError.ReadToEndAsync(cancellation);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            await child.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            Assert.Fail($"the child did not end within {Limit}");
        }

        string printed = await standard + await errors;
        Assert.True(child.ExitCode == 0, $"the child ended with exit code {child.ExitCode}:\n{printed}");
        string text = await File.ReadAllTextAsync(report, cancellation);
        output.WriteLine(text);
        Assert.Contains("empty cells: 0\n", text, StringComparison.Ordinal);
        Assert.Contains("failed: 0\n", text, StringComparison.Ordinal);
        Assert.Contains($"threads: {threads}\n", text, StringComparison.Ordinal);
        if (Expected(switchedOff) is { } isa)
        {
            Assert.Contains($"isa: {isa}\n", text, StringComparison.Ordinal);
        }
    }

    /// <summary>This very test program, without the tests that start children; those that compare numbers of threads run once for each instruction set.</summary>
    private static ProcessStartInfo Self(int threads)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Polyad.Conformance" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        ProcessStartInfo start = File.Exists(program)
            ? new ProcessStartInfo(program)
            : new ProcessStartInfo(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "Polyad.Conformance.dll")]);
        foreach (Type left in threads == 1 ? new[] { typeof(IsaTierTests), typeof(ThreadInvarianceTests) } : [typeof(IsaTierTests)])
        {
            start.ArgumentList.Add("-class-");
            start.ArgumentList.Add(left.FullName!);
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    /// <summary>The tier that a switch must lead to; null where the machine decides.</summary>
    private static string? Expected(string switchedOff)
    {
        bool x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        return switchedOff switch
        {
            "" => ManagedBackend.Isa,
            "DOTNET_EnableHWIntrinsic" => "scalar",
            "DOTNET_EnableAVX2" when x64 => "SSE",
            "DOTNET_EnableAVX512" when x64 && Avx2.IsSupported => "AVX2",
            _ => null,
        };
    }
}
