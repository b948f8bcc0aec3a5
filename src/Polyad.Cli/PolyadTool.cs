using System.CommandLine;
using System.CommandLine.Parsing;
using Polyad.Cli.Commands;
using Spectre.Console;

namespace Polyad.Cli;

/// <summary>The tool as a function: arguments in, text out, an <see cref="ExitCode"/> back.</summary>
internal static class PolyadTool
{
    /// <summary>After Ctrl-C a running kernel may finish, and what was measured is written, before the process is ended.</summary>
    private static readonly TimeSpan TerminationGrace = TimeSpan.FromMinutes(2);

    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
        => RunAsync(args, ToolConsole.ForWriters(output, error), cancellationToken).GetAwaiter().GetResult();

    public static async Task<int> RunAsync(string[] args, ToolConsole console, CancellationToken cancellationToken = default)
    {
        EngineRegistration.Ensure();
        RootCommand root = new("Describes this machine and its linear-algebra engines, compares them, and decomposes tensors.")
        {
            InfoCommand.Create(console),
            CompareCommand.Create(console),
            TuneCommand.Create(console),
            DecomposeCommand.Create(console),
            LabCommand.Create(console),
            DemoCommand.Create(console),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError problem in parsed.Errors)
            {
                console.ErrorWriter.WriteLine($"polyad: {problem.Message}");
            }

            console.ErrorWriter.WriteLine("Try 'polyad --help' or 'polyad COMMAND --help'.");
            return ExitCode.Usage;
        }

        InvocationConfiguration configuration = new()
        {
            Output = console.OutputWriter,
            Error = console.ErrorWriter,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationGrace,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ExitCodeOf(e) is { } code)
        {
            console.ErrorWriter.WriteLine($"polyad: {(e is OperationCanceledException ? "interrupted" : OneLine(e.Message))}");
            return code;
        }
        catch (Exception e)
        {
            console.ErrorWriter.WriteLine($"polyad: internal error: {e.GetType().Name}: {OneLine(e.Message)}");
            return ExitCode.CheckFailed;
        }
    }

    private static int? ExitCodeOf(Exception e) => e switch
    {
        OperationCanceledException => ExitCode.Interrupted,
        BackendUnavailableException => ExitCode.EngineNotAvailable,
        NonConvergenceException => ExitCode.CheckFailed,
        UsageException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or KeyNotFoundException => ExitCode.Usage,
        _ => null,
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
