using System.CommandLine;
using System.Globalization;
using Polyad.Cli.Machine;
using Polyad.Cli.Reports;
using Spectre.Console;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad info</c>: the machine's measured limits and every registered engine.</summary>
internal static class InfoCommand
{
    public static Command Create(ToolConsole console)
    {
        Option<bool> json = new("--json") { Description = "Write one JSON document to the standard output instead of tables." };
        Option<string[]> why = new("--why")
        {
            Description = "Explain instead which engine 'auto' sends a problem to: an operation and a shape, such as gemm 1000x1000.",
            Arity = new ArgumentArity(1, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> dtype = new("--dtype") { Description = "With --why: f64 or f32.", DefaultValueFactory = static _ => "f64" };
        Option<int?> threads = new("--threads") { Description = "With --why: the most threads. Default: one for each core." };
        Option<int?> mode = new("--mode") { Description = "With --why: the mode of a tensor operation, from 0. Default: every mode." };
        Command command = new("info", "Measures this machine's limits and lists the linear-algebra engines that it has.") { json, why, dtype, threads, mode };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(why) is { Length: > 0 } question)
            {
                WhyQuestion.Answer(console, question, parsed.GetRequiredValue(dtype), parsed.GetValue(threads), parsed.GetValue(mode));
                return ExitCode.Done;
            }

            return Run(console, parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(ToolConsole console, bool json)
    {
        InfoReport report = new(MachineReport.Measure(), Backend.Probe());
        if (json)
        {
            console.OutputWriter.WriteLine(ReportJson.Serialize(report));
            return ExitCode.Done;
        }

        WriteMachine(console.Out, report.Machine);
        WriteBackends(console.Out, report.Backends);
        return ExitCode.Done;
    }

    private static void WriteMachine(IAnsiConsole console, MachineReport machine)
    {
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{machine.Cpu}[/], {machine.Cores} cores, {machine.Isa}");
        string caches = string.Join(", ", machine.Caches.Select(static c => $"L{c.Level} {Bytes(c.Bytes)}"));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{machine.Os}, {machine.Runtime}{(caches.Length > 0 ? ", caches " + caches : "")}");
        Table table = new Table().Border(TableBorder.Rounded).Title("Measured limits");
        table.AddColumns("threads", "FMA f64 GFLOP/s", "FMA f32 GFLOP/s", "copy GB/s (read + write)", "read GB/s");
        foreach (TableColumn column in table.Columns)
        {
            column.RightAligned();
        }

        foreach (Ceiling c in machine.Ceilings)
        {
            table.AddRow(
                c.Threads.ToString(CultureInfo.InvariantCulture),
                c.FmaGflopsF64.ToString("F1", CultureInfo.InvariantCulture),
                c.FmaGflopsF32.ToString("F1", CultureInfo.InvariantCulture),
                c.MemcpyGbS.ToString("F1", CultureInfo.InvariantCulture),
                c.ReadGbS.ToString("F1", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }

    private static void WriteBackends(IAnsiConsole console, IReadOnlyList<BackendInfo> backends)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Engines");
        table.AddColumns("id", "available", "vendor, version", "isa", "threads", "self-test", "native / composed / managed", "file, or reason");
        foreach (BackendInfo b in backends)
        {
            table.AddRow(
                Markup.Escape(b.Id),
                b.Available ? "[green]yes[/]" : "[red]no[/]",
                Markup.Escape($"{b.Vendor} {b.Version}".Trim()),
                Markup.Escape(b.Isa),
                b.Available ? b.Threads.ToString(CultureInfo.InvariantCulture) : "",
                Markup.Escape(b.SelfTest),
                b.Available ? $"{b.NativeSymbols.Count} / {b.ComposedSymbols.Count} / {b.ManagedSymbols.Count}" : "",
                Markup.Escape(b.Available ? b.Reason ?? b.Path ?? "" : b.Reason ?? "no reason given"));
        }

        console.Write(table);
    }

    private static string Bytes(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";
}
