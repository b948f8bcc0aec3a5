namespace Polyad.Cli.Decompose;

/// <summary>One way to fit a decomposition.</summary>
/// <param name="Name">As in --algorithm.</param>
/// <param name="Summary">A few words for the help.</param>
/// <param name="Takes">The options that it takes beside those that all take; any other one is refused, not ignored.</param>
internal sealed record Algorithm(string Name, string Summary, params string[] Takes)
{
    /// <summary>Of every fit that has sweeps.</summary>
    public static string[] Sweeps { get; } = ["--max-iterations", "--checkpoint", "--resume"];
}
