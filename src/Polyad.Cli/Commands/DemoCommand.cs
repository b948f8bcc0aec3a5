using System.CommandLine;
namespace Polyad.Cli.Commands;
internal static class DemoCommand { public static Command Create(ToolConsole console) => new("demo", "x"); }
