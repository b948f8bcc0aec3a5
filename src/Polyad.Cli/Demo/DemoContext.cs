using Polyad.Decomposition;
using Spectre.Console;

namespace Polyad.Cli.Demo;

/// <summary>What every part of the demonstration needs.</summary>
internal sealed class DemoContext(ToolConsole console, DirectoryInfo output, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
{
    public ToolConsole Console { get; } = console;

    public ILinearAlgebraBackend Engine { get; } = engine;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public IProgress<DecompositionProgress> Silent { get; } = new NoProgress();

    /// <summary>A file shipped beside the tool.</summary>
    public static string Asset(string name) => Path.Combine(AppContext.BaseDirectory, "Assets", name);

    /// <summary>A file that the demonstration writes.</summary>
    public string Output(string name) => Path.Combine(output.FullName, name);

    public static void AlignRight(Table table)
    {
        foreach (TableColumn column in table.Columns)
        {
            column.RightAligned().NoWrap();
        }
    }

    /// <summary>One step for each value, under a progress bar on a terminal.</summary>
    public void WithProgress(string title, IReadOnlyList<int> values, Action<int> step)
    {
        if (!Console.Interactive)
        {
            foreach (int value in values)
            {
                CancellationToken.ThrowIfCancellationRequested();
                step(value);
            }

            return;
        }

        Console.Error.Progress().AutoClear(true).Start(progress =>
        {
            ProgressTask task = progress.AddTask(title, maxValue: values.Count);
            foreach (int value in values)
            {
                CancellationToken.ThrowIfCancellationRequested();
                step(value);
                task.Increment(1);
            }
        });
    }

    private sealed class NoProgress : IProgress<DecompositionProgress>
    {
        public void Report(DecompositionProgress value)
        {
        }
    }
}
