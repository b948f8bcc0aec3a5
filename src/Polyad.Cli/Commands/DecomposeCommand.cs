using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Compare;
using Polyad.Cli.Decompose;
using Polyad.Cli.Files;
using Polyad.Cli.Reports;
using Polyad.Decomposition;
using Polyad.IO;
using Spectre.Console;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad decompose</c>: a file in, factors and the exact error out.</summary>
internal static class DecomposeCommand
{
    private sealed record Request(IDecomposition Method, string Input, DecomposeOptions Options, string BackendId, string Dtype, bool Strict, FileInfo? Out, FileInfo? Json);

    public static Command Create(ToolConsole console)
    {
        Argument<string> method = new("method") { Description = $"{string.Join(", ", DecompositionCatalog.All.Select(static m => m.Name))}." };
        Argument<string> input = new("input") { Description = "A tensor: .npy, .npz (first array, or file.npz:name), .csv or .png." };
        Option<string?> rank = new("--rank") { Description = "cp: the number of components. tucker: one number, or one for each mode. tt: the greatest bond rank." };
        Option<double?> tolerance = new("--tol") { Description = "tucker, tt: the relative error to stay below. cp: the change of error that ends the iteration." };
        Option<string?> backend = new("--backend") { Description = "The engine, by id." };
        Option<ulong> seed = new("--seed") { Description = "Seed of random starts.", DefaultValueFactory = static _ => 0UL };
        Option<FileInfo?> output = new("--out") { Description = "Write the factors to this .npz file." };
        Option<FileInfo?> json = new("--json") { Description = "Write the report to this file." };
        Option<string> dtype = new("--dtype") { Description = "Element type: f64 or f32.", DefaultValueFactory = static _ => "f64" };
        Option<int?> iterations = new("--max-iterations") { Description = "The most iterations." };
        Option<bool> strict = new("--strict") { Description = "Exit with 1 when the iteration did not converge." };
        Command command = new("decompose", "Decomposes a tensor: CP, Tucker or tensor train.")
        {
            method, input, rank, tolerance, backend, seed, output, json, dtype, iterations, strict,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            ILinearAlgebraBackend engine = parsed.GetValue(backend) is { } id ? Backend.Get(id) : Backend.Current;
            DecomposeOptions options = new()
            {
                Ranks = parsed.GetValue(rank) is { } ranks ? CommaList.PositiveNumbers(ranks, "--rank") : null,
                Tolerance = parsed.GetValue(tolerance) is { } tol ? tol >= 0 ? tol : throw new UsageException("--tol must not be negative.") : null,
                MaxIterations = parsed.GetValue(iterations) is { } most ? most >= 1 ? most : throw new UsageException("--max-iterations begins at 1.") : null,
                Seed = parsed.GetValue(seed),
                Backend = engine,
            };
            Request request = new(
                DecompositionCatalog.Get(parsed.GetRequiredValue(method)),
                parsed.GetRequiredValue(input),
                options,
                parsed.GetValue(backend) ?? engine.Id,
                parsed.GetRequiredValue(dtype),
                parsed.GetValue(strict),
                parsed.GetValue(output),
                parsed.GetValue(json));
            return Task.FromResult(request.Dtype switch
            {
                "f64" => Run<double>(console, request, cancellationToken),
                "f32" => Run<float>(console, request, cancellationToken),
                _ => throw new UsageException($"--dtype: '{request.Dtype}' is neither f32 nor f64."),
            });
        });
        return command;
    }

    private static int Run<T>(ToolConsole console, Request request, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> tensor = TensorFile.Read<T>(request.Input);
        using IDisposable scope = Backend.Use(request.Options.Backend);
        long start = 0;
        FittedModel<T> model = CompareCommand.WithProgress(console, show =>
        {
            start = Stopwatch.GetTimestamp();
            return request.Method.Fit(tensor, request.Options, new SweepProgress(show), cancellationToken);
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double error = RelativeError.Of(tensor, model.Reconstruction);
        DecomposeReport report = new(
            request.Method.Name,
            [.. tensor.Lengths.ToArray().Select(static n => (int)n)],
            model.Rank,
            error,
            1 - (error * error),
            model.Iterations,
            model.Converged,
            seconds,
            request.BackendId,
            request.Dtype,
            request.Options.Seed,
            tensor.FlattenedLength / model.Parameters);
        if (request.Out is { } file)
        {
            using NpzWriter writer = new(file.FullName);
            foreach ((string name, Tensor<T> values) in model.Arrays)
            {
                writer.Add<T>(name, values);
            }
        }

        if (request.Json is { } json)
        {
            File.WriteAllText(json.FullName, ReportJson.Serialize(report));
        }

        Write(console.Out, report);
        return request.Strict && !model.Converged ? ExitCode.CheckFailed : ExitCode.Done;
    }

    private static void Write(IAnsiConsole console, DecomposeReport report)
    {
        Grid grid = new();
        grid.AddColumn().AddColumn();
        void Row(string label, FormattableString value) => grid.AddRow(label, Markup.Escape(value.ToString(CultureInfo.InvariantCulture)));
        Row("method", $"{report.Method}, rank {report.Rank.ToJsonString()}");
        Row("tensor", $"{string.Join(" x ", report.Shape)} {report.Dtype}");
        Row("relative error", $"{report.RelativeError:G6}");
        Row("explained variance", $"{100 * report.ExplainedVariance:F4} %");
        Row("compression", $"{report.CompressionRatio:F1} x");
        Row("iterations", $"{report.Iterations}{(report.Converged ? "" : ", not converged")}");
        Row("time", $"{CompareTable.Time(report.Seconds)} on {report.Backend}");
        console.Write(grid);
    }

    /// <summary>Reports on the caller's thread: sweeps are shown in order, and nothing arrives after the end.</summary>
    private sealed class SweepProgress(Action<string> show) : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value)
            => show(string.Create(CultureInfo.InvariantCulture, $"sweep {value.Iteration}, relative error {value.RelativeError:G6}"));
    }
}
