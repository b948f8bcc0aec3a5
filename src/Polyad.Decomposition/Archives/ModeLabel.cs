namespace Polyad.Decomposition;

/// <summary>What a mode of a tensor is, for plots, tables and files: "emission" with the wavelengths, for example.</summary>
/// <param name="Name">Of the mode.</param>
/// <param name="Items">One label for each index, or null.</param>
public sealed record ModeLabel(string Name, IReadOnlyList<string>? Items = null)
{
    /// <summary>Labels that are names alone.</summary>
    public static IReadOnlyList<ModeLabel> Names(params ReadOnlySpan<string> names)
    {
        ModeLabel[] labels = new ModeLabel[names.Length];
        for (int n = 0; n < names.Length; n++)
        {
            labels[n] = new ModeLabel(names[n]);
        }

        return labels;
    }

    /// <summary>Refuses labels that do not fit a model of these lengths.</summary>
    internal static void Check(IReadOnlyList<ModeLabel>? labels, ReadOnlySpan<nint> lengths)
    {
        if (labels is null)
        {
            return;
        }

        if (labels.Count != lengths.Length)
        {
            throw new ArgumentException($"A model of shape {DenseData.Text(lengths)} takes {lengths.Length} mode labels; there are {labels.Count}.", nameof(labels));
        }

        for (int n = 0; n < labels.Count; n++)
        {
            if (labels[n].Items is { } items && items.Count != lengths[n])
            {
                throw new ArgumentException($"Mode {n} ('{labels[n].Name}') has length {lengths[n]} and {items.Count} item labels.", nameof(labels));
            }
        }
    }

    /// <summary>Texts <c>mode_names</c> and, where a mode has items, <c>labels_n</c>: one line each.</summary>
    internal static void AddTo(ModelArchive archive, IReadOnlyList<ModeLabel>? labels)
    {
        if (labels is null)
        {
            return;
        }

        archive.Add("mode_names", Lines(labels.Select(static l => l.Name)));
        for (int n = 0; n < labels.Count; n++)
        {
            if (labels[n].Items is { } items)
            {
                archive.Add($"labels_{n}", Lines(items));
            }
        }
    }

    internal static IReadOnlyList<ModeLabel>? Of(ModelArchive archive)
        => archive.Contains("mode_names")
            ? [.. archive.Text("mode_names").Split('\n').Select((name, n) => new ModeLabel(name, archive.Contains($"labels_{n}") ? archive.Text($"labels_{n}").Split('\n') : null))]
            : null;

    private static string Lines(IEnumerable<string> labels) => string.Join('\n', labels.Select(static label => label.ReplaceLineEndings(" ")));
}
