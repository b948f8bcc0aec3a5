using Spectre.Console;

namespace Polyad.Cli;

/// <summary>Where the tool writes. On a terminal: colours and live progress; into a file or pipe: plain text, wide enough for its tables, no control codes.</summary>
internal sealed class ToolConsole
{
    private const int RedirectedWidth = 200;

    private ToolConsole(TextWriter output, TextWriter error, bool terminal)
    {
        OutputWriter = output;
        ErrorWriter = error;
        Interactive = terminal;
        Out = Create(output, terminal);
        Error = Create(error, terminal && !Console.IsErrorRedirected);
    }

    public IAnsiConsole Out { get; }

    /// <summary>Progress and complaints: never mixed with a report on the standard output.</summary>
    public IAnsiConsole Error { get; }

    public TextWriter OutputWriter { get; }

    public TextWriter ErrorWriter { get; }

    public bool Interactive { get; }

    public static ToolConsole ForProcess() => new(Console.Out, Console.Error, !Console.IsOutputRedirected && !Console.IsErrorRedirected);

    public static ToolConsole ForWriters(TextWriter output, TextWriter error) => new(output, error, terminal: false);

    private static IAnsiConsole Create(TextWriter writer, bool terminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!terminal)
        {
            console.Profile.Width = RedirectedWidth;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
