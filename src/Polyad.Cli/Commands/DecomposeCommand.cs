using System.CommandLine;
namespace Polyad.Cli.Commands;
internal static class DecomposeCommand { public static Command Create(ToolConsole console) => new("decompose", "x"); }
