using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Compare;
using Polyad.Cli.Decompose;
using Polyad.Cli.Files;
using Polyad.Cli.Reports;
using Spectre.Console;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad decompose</c>: a file in, factors and the exact error out.</summary>
internal static class DecomposeCommand
{
    public static Command Create(ToolConsole console)
    {
        DecomposeArguments arguments = new();
        Command command = arguments.Command;
        command.SetAction((parsed, cancellationToken) =>
        {
            DecomposeRequest request = arguments.Read(parsed);
            return Task.FromResult(request.Dtype switch
            {
                "f64" => Run<double>(console, request, cancellationToken),
                "f32" => Run<float>(console, request, cancellationToken),
                _ => throw new UsageException($"--dtype: '{request.Dtype}' is neither f32 nor f64."),
            });
        });
        return command;
    }

    private static int Run<T>(ToolConsole console, DecomposeRequest request, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DecomposeInput<T> input = MissingEntries.Mark(TensorFile.Read<T>(request.Input, request.Dataset), request.Missing);
        using IDisposable scope = Backend.Use(request.Options.Backend);
        try
        {
            return request.SelectRank is { } range ? RankSearch.Run(console, request, range, input.Values, cancellationToken) : Fit(console, request, input, cancellationToken);
        }
        catch (NonFiniteInputException e) when (request.Missing is null && request.Algorithm.Takes.Contains("--missing"))
        {
            throw new NonFiniteInputException($"{e.Message} Where NaN stands for what is missing, say --missing nan.", e.ParamName ?? nameof(input));
        }
        catch (OperationCanceledException) when (request.Checkpoint?.Write() is { } sweep)
        {
            console.ErrorWriter.WriteLine($"polyad: the state after sweep {sweep} is kept; go on with --resume.");
            throw;
        }
    }

    private static int Fit<T>(ToolConsole console, DecomposeRequest request, DecomposeInput<T> input, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long start = 0;
        FittedModel<T> model = CompareCommand.WithProgress(console, show =>
        {
            start = Stopwatch.GetTimestamp();
            return request.Method.Fit(input, request.Options, new LiveError(show), cancellationToken);
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        request.Checkpoint?.Write();
        DecomposeReport report = new()
        {
            Method = request.Method.Name,
            Algorithm = request.Algorithm.Name,
            Shape = [.. input.Values.Lengths.ToArray().Select(static n => (int)n)],
            Missing = MissingEntries.Count(input),
            Rank = model.Rank,
            RelativeError = model.RelativeError,
            ExplainedVariance = 1 - (model.RelativeError * model.RelativeError),
            Iterations = model.Iterations,
            Converged = model.Converged,
            Seconds = seconds,
            Backend = request.BackendId,
            Dtype = request.Dtype,
            Seed = request.Options.Seed,
            CompressionRatio = input.Values.FlattenedLength / model.Parameters,
            ErrorHistory = model.ErrorHistory,
            Figures = model.Figures.ToDictionary(static f => f.Name, static f => f.Value),
        };
        if (request.Out is { } file)
        {
            model.Save(file.FullName);
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
        Row("method", $"{report.Method} by {report.Algorithm}, rank {report.Rank.ToJsonString()}");
        Row("tensor", $"{string.Join(" x ", report.Shape)} {report.Dtype}{(report.Missing > 0 ? $", {report.Missing} entries missing" : "")}");
        Row("relative error", $"{report.RelativeError:G6}{(report.Missing > 0 ? " of the entries seen" : "")}");
        Row("explained variance", $"{100 * report.ExplainedVariance:F4} %");
        foreach ((string name, double? value) in report.Figures)
        {
            if (value is { } known)
            {
                Row(name.Replace('_', ' '), $"{known:G4}");
            }
        }

        Row("compression", $"{report.CompressionRatio:F1} x");
        Row("iterations", $"{report.Iterations}{(report.Converged ? "" : ", not converged")}");
        Row("time", $"{CompareTable.Time(report.Seconds)} on {report.Backend}");
        console.Write(grid);
    }
}
