using System.CommandLine;
using System.Globalization;
using Polyad.Cli.Lab;
using Polyad.Cli.Reports;
using Polyad.Lab;
using Spectre.Console;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad lab</c>: published systems, reproduced on the library.</summary>
internal static class LabCommand
{
    private const string Everything = "all";

    public static Command Create(ToolConsole console) => new("lab", "Reproduces published systems on this library: claim, criterion, table with error bars, verdict.")
    {
        CreateList(console), CreateRun(console), CreatePage(),
    };

    private static Command CreateList(ToolConsole console)
    {
        Command command = new("list", "Lists the experiments.");
        command.SetAction(_ =>
        {
            Table table = new Table().Border(TableBorder.Rounded);
            table.AddColumns("name", "paper", "claim");
            foreach (IExperiment experiment in LabCatalog.All)
            {
                table.AddRow(Markup.Escape(experiment.Name), Markup.Escape(experiment.Paper), Markup.Escape(experiment.Claim));
            }

            console.Out.Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateRun(ToolConsole console)
    {
        Argument<string> name = new("name") { Description = $"An experiment of 'polyad lab list', or '{Everything}'." };
        Option<bool> quick = new("--quick") { Description = "Under a minute on two cores (the default)." };
        Option<bool> full = new("--full") { Description = "The sizes and seeds of the publication." };
        Option<bool> smoke = new("--smoke") { Description = "Seconds: tells that the experiment runs; its verdict means nothing." };
        Option<string?> backend = new("--backend") { Description = "The engine, by id." };
        Option<ulong> seed = new("--seed") { Description = "The first of the seeds.", DefaultValueFactory = static _ => 0UL };
        Option<DirectoryInfo?> data = new("--data") { Description = "A folder with more data sets; without it experiments use those that ship with the tool." };
        Option<FileInfo?> json = new("--json") { Description = "Write the report to this file." };
        Option<FileInfo?> plot = new("--plot") { Description = "Write the curves to this .png file." };
        Command command = new("run", "Runs an experiment.") { name, quick, full, smoke, backend, seed, data, json, plot };
        command.SetAction((parsed, cancellationToken) =>
        {
            OptimizedBuild.Require();
            LabSize[] sizes = [.. new[] { (quick, LabSize.Quick), (full, LabSize.Full), (smoke, LabSize.Smoke) }.Where(s => parsed.GetValue(s.Item1)).Select(static s => s.Item2)];
            if (sizes.Length > 1)
            {
                throw new UsageException("--quick, --full and --smoke exclude each other.");
            }

            string wanted = parsed.GetRequiredValue(name);
            IExperiment[] experiments = wanted == Everything ? [.. LabCatalog.All] : [LabCatalog.Get(wanted)];
            if (experiments.Length != 1 && (parsed.GetValue(json) ?? parsed.GetValue(plot)) is not null)
            {
                throw new UsageException("--json and --plot take one experiment.");
            }

            ExperimentSettings settings = new()
            {
                Size = sizes.FirstOrDefault(LabSize.Quick),
                Seed = parsed.GetValue(seed),
                Backend = parsed.GetValue(backend) is { } id ? Backend.Get(id) : Backend.Current,
                Data = parsed.GetValue(data) is { } folder ? LabData.Folder(folder.FullName) : LabData.Shipped,
            };
            foreach (IExperiment experiment in experiments)
            {
                ExperimentReport report = CompareCommand.WithProgress(
                    console, show => ExperimentReport.Of(experiment, settings, new Steps(line => show($"{experiment.Name}: {line}")), cancellationToken));
                LabText.Write(console.Out, report);
                if (parsed.GetValue(json) is { } jsonFile)
                {
                    File.WriteAllText(jsonFile.FullName, LabJson.Serialize(LabRun.Of(report, settings)));
                }

                if (parsed.GetValue(plot) is { } plotFile)
                {
                    LabPlot.Save(plotFile.FullName, report.Outcome.Chart);
                }
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command CreatePage()
    {
        Argument<FileInfo[]> reports = new("reports") { Description = "Files that 'polyad lab run --json' wrote, in the order of the page.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo> output = new("--output") { Description = "The page, such as docs/systems.md.", Required = true };
        Command command = new("page", "Writes reports as a Markdown page.") { reports, output };
        command.SetAction(parsed =>
        {
            LabRun[] runs = [.. parsed.GetRequiredValue(reports).Select(static file => LabJson.Deserialize(File.ReadAllText(file.FullName), file.Name))];
            File.WriteAllText(parsed.GetRequiredValue(output).FullName, LabMarkdown.Page(runs));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Reports on the caller's thread, so that lines come in order.</summary>
    private sealed class Steps(Action<string> show) : IProgress<string>
    {
        public void Report(string value) => show(string.Create(CultureInfo.InvariantCulture, $"{value}"));
    }
}
