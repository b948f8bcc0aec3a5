using ConstrainedAndMissing;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>The program of docs/samples/ConstrainedAndMissing: what it finds in the real data, and its plots.</summary>
public class ConstrainedAndMissingSampleTests
{
    [Fact]
    public void Amino_acids_come_out_pure_in_less_than_two_seconds()
    {
        Study study = Found(Studies.AminoAcids(Data("amino_acids_X.npy"), 1));
        Assert.True(study.Explained > 0.999);
        Assert.True(study.Seconds < 2);
        Assert.Equal(["phenylalanine", "tryptophan", "tyrosine"], study.Components.Order());

        // Emission peaks: phenylalanine before tyrosine before tryptophan (282, 303 and 348 nm in water: Lakowicz, Principles of Fluorescence Spectroscopy).
        string[] byPeak = [.. study.Components.OrderBy(name => Peak(study.Panels[1], study.Components, name))];
        Assert.Equal(["phenylalanine", "tyrosine", "tryptophan"], byPeak);
        Assert.InRange(Peak(study.Panels[1], study.Components, "tyrosine"), 298, 308);
    }

    [Fact]
    public void Sugar_kinetic_and_bread_data_are_explained_as_their_description_says()
    {
        Study sugar = Found(Studies.Sugar(Data("sugar_fluorescence_X.npy"), 1)), kinetic = Found(Studies.Kinetic(Data("kinetic_fluorescence_X.npy"), 1)), bread = Found(Studies.Bread(Data("bread_sensory_X.npy"), 1));

        // Without the sign the best models explain 0.9990, 0.9988 and 0.763.
        Assert.True(sugar.Explained > 0.998, sugar.Findings[0]);
        Assert.True(kinetic.Explained > 0.9987, kinetic.Findings[0]);
        Assert.True(bread.Explained > 0.75, bread.Findings[0]);
        Assert.All(new[] { sugar, kinetic, bread }, static study => Assert.All(study.Panels, static panel => Assert.All(panel.Lines, static line => Assert.True(line.Min() >= 0))));
    }

    [Fact]
    public void The_cube_and_the_video_are_compressed_within_the_error_asked_for()
    {
        Compression[] rows = [.. Compression.Measure(Data("jasper_ridge_cube.npy"), [0.1])];
        Assert.Equal(4, rows.Length);
        Assert.All(rows, static row => Assert.True(row.Error <= 0.1 && row.Ratio > 20, row.ToString()));
    }

    /// <summary>The folder of the data, where it is there.</summary>
    private static string Data(string file)
    {
        string? path = DataFile.Find(file);
        Assert.SkipWhen(path is null, "The data folder is not beside the repository.");
        return Path.GetDirectoryName(path)!;
    }

    /// <summary>The study, once its plot has been drawn.</summary>
    private static Study Found(Study study)
    {
        string path = Path.Combine(Path.GetTempPath(), $"polyad-{Guid.NewGuid():N}.png");
        try
        {
            ComponentPlot.Save(path, study);
            Assert.InRange(new FileInfo(path).Length, 5_000, 80_000);
        }
        finally
        {
            File.Delete(path);
        }

        return study;
    }

    private static double Peak(Panel panel, IReadOnlyList<string> names, string name)
    {
        double[] line = panel.Lines[names.ToList().IndexOf(name)];
        return panel.X![Array.IndexOf(line, line.Max())];
    }
}
