using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Running;
using Polyad;

// One thread unless POLYAD_BENCH_THREADS says otherwise: comparisons at equal threads. `--job short` for a quick look, `--filter '*Gemm*'` to choose.
Console.WriteLine($"// managed engine: {ManagedBackend.Isa}, engines: {string.Join(", ", Backend.Ids)}");
IConfig config = DefaultConfig.Instance
    .AddColumn(StatisticColumn.Median, StatisticColumn.P95)
    .AddExporter(JsonExporter.Full)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithBuildTimeout(TimeSpan.FromMinutes(10))
    .WithOptions(ConfigOptions.DisableLogFile);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
