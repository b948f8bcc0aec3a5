using System.CommandLine;
using Polyad.Cli.Demo;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad demo</c>: a photograph, a brain scan and the engines, in under a minute.</summary>
internal static class DemoCommand
{
    public static Command Create(ToolConsole console)
    {
        Option<DirectoryInfo> output = new("--out")
        {
            Description = "The folder for pictures.",
            DefaultValueFactory = static _ => new DirectoryInfo("polyad-demo"),
        };
        Command command = new("demo", "Shows what Polyad does: compresses a photograph, explains a brain scan, compares the engines here.") { output };
        command.SetAction((parsed, cancellationToken) =>
        {
            OptimizedBuild.Require();
            DirectoryInfo folder = parsed.GetRequiredValue(output);
            folder.Create();
            ILinearAlgebraBackend engine = Backend.Current;
            DemoContext demo = new(console, folder, engine, cancellationToken);
            string photograph = PhotographDemo.Run(demo), components = DiffusionDemo.Run(demo);
            EngineDemo.Run(demo);
            console.OutputWriter.WriteLine($"Pictures: {photograph}");
            console.OutputWriter.WriteLine($"          {components}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
