using Polyad.Cli.Commands;
using Polyad.Cli.Compare;
using Polyad.Cli.Reports;

namespace Polyad.Cli.Demo;

/// <summary>The engines of this machine on a few small problems.</summary>
internal static class EngineDemo
{
    private const int Rounds = 3;

    private static readonly string[] Operations = ["gemm", "svd", "qr", "eigh", "unfold", "mttkrp"];

    public static void Run(DemoContext demo)
    {
        CompareOptions options = new()
        {
            Backends = [.. Backend.Probe().Where(static b => b.Available).Select(static b => b.Id)],
            Problems = ProblemList.Create(Operations, [256], [[80, 80, 80]], mode: 1, ranks: [10]),
            Dtypes = ["f64"],
            Threads = [Environment.ProcessorCount],
            Rounds = Rounds,
        };
        CompareReport report = CompareCommand.WithProgress(demo.Console, show => new Comparison(options, show).Run(demo.CancellationToken));
        demo.Console.OutputWriter.WriteLine("3. The engines of this machine (more: polyad compare --help)");
        CompareTable.Write(demo.Console.Out, report);
        demo.CancellationToken.ThrowIfCancellationRequested();
    }
}
