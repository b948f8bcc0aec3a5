using System.Numerics.Tensors;
using Polyad.Decomposition;
using Polyad.IO;

namespace ConstrainedAndMissing;

/// <summary>The four data sets.</summary>
public static class Studies
{
    /// <summary>Five mixtures of three amino acids (Bro 1997): each component is a pure emission spectrum, a pure excitation spectrum and the concentrations.</summary>
    public static Study AminoAcids(string data, int rounds)
    {
        string[] names = ["tryptophan", "tyrosine", "phenylalanine"];
        Tensor<double> x = Read(data, "amino_acids_X"), concentrations = Read(data, "amino_acids_concentrations");
        (double first, double best, ConstrainedCpResult<double> model) = Study.Timed(rounds, () => new NonNegativeCp().Fit(x, 3));
        (double Correlation, int Column)[] matches = [.. names.Select((_, c) => Study.BestCorrelation(model.Factors[0], Study.Column(concentrations, c)))];
        string[] components = new string[3];
        foreach ((int c, (_, int r)) in matches.Index())
        {
            components[r] = names[c];
        }

        return new Study(
            "amino-acids",
            "Amino acids, 5 samples x 201 emission x 61 excitation: NonNegativeCp, rank 3",
            model.Fit,
            best,
            [
                $"explains {model.Fit:P3} in {model.Iterations} sweeps; first fit {first * 1000:F0} ms, then {best * 1000:F0} ms",
                .. names.Select((name, c) => $"correlation with the concentration of {name}: {matches[c].Correlation:F4}"),
            ],
            [
                Study.Mode("sample", model.Factors[0]),
                Study.Mode("emission (nm)", model.Factors[1], Read(data, "amino_acids_emission_nm").ToArray()),
                Study.Mode("excitation (nm)", model.Factors[2], Read(data, "amino_acids_excitation_nm").ToArray()),
            ],
            components);
    }

    /// <summary>Sugar samples (Bro 1999), scatter left out of the measurement as NaN.</summary>
    public static Study Sugar(string data, int rounds)
    {
        IncompleteTensor<double> x = IncompleteTensor.FromNaN(Read(data, "sugar_fluorescence_X"));
        double[] colour = Read(data, "sugar_color").ToArray();
        (double first, double best, ConstrainedCpResult<double> model) = Study.Timed(rounds, () => new NonNegativeCp().Fit(x, 4));
        CpResult<double> three = new CpAls { Restarts = 5 }.Fit(x, 3), four = new CpAls { Restarts = 5 }.Fit(x, 4);
        (double tuckerFirst, double tuckerBest, TuckerResult<double> tucker) = Study.Timed(rounds, () => new Tucker().Fit(x, [4, 4, 4]));
        NonNegativeTuckerResult<double> positive = new NonNegativeTucker().Fit(x, [4, 4, 4]);
        return new Study(
            "sugar",
            $"Sugar, 268 samples x 53 emission x 7 excitation, {x.MissingShare:P1} missing: NonNegativeCp, rank 4",
            model.Fit,
            best,
            [
                $"explains {model.Fit:P3} of what was seen in {model.Iterations} sweeps; first fit {first * 1000:F0} ms, then {best * 1000:F0} ms",
                $"CpAls, best of 5 starts: rank 3 {three.Fit:P3}, rank 4 {four.Fit:P3}",
                $"best correlation of a sample factor with the colour: {Study.BestCorrelation(three.Factors[0], colour).Correlation:F3} (CpAls, rank 3), {Study.BestCorrelation(model.Factors[0], colour).Correlation:F3} (non-negative, rank 4)",
                $"Tucker [4, 4, 4]: {1 - (tucker.RelativeError * tucker.RelativeError):P3} in {tucker.Iterations} sweeps, {tuckerBest * 1000:F0} ms (first {tuckerFirst * 1000:F0}); NonNegativeTucker [4, 4, 4]: {positive.Fit:P3} in {positive.Iterations} sweeps",
            ],
            [Study.Mode("sample", model.Factors[0]), Study.Mode("emission channel", model.Factors[1]), Study.Mode("excitation channel", model.Factors[2])],
            Names(4));
    }

    /// <summary>Kinetic fluorescence (Nikolajsen, Booksh, Hansen, Bro 2003): order 4, the missing entries in a mask of their own.</summary>
    public static Study Kinetic(string data, int rounds)
    {
        Tensor<double> mask = Read(data, "kinetic_fluorescence_missing");
        IncompleteTensor<double> x = IncompleteTensor.FromMask(Read(data, "kinetic_fluorescence_X"), Tensor.Create([.. mask.ToArray().Select(static m => m != 0)], mask.Lengths));
        (double first, double best, ConstrainedCpResult<double> model) = Study.Timed(rounds, () => new NonNegativeCp().Fit(x, 3));
        CpResult<double> one = new CpAls().Fit(x, 1), three = new CpAls { Restarts = 3 }.Fit(x, 3);
        return new Study(
            "kinetic",
            $"Kinetic fluorescence, 64 samples x 12 emission x 10 excitation x 60 times, {x.MissingShare:P2} missing: NonNegativeCp, rank 3",
            model.Fit,
            best,
            [
                $"explains {model.Fit:P3} of what was seen in {model.Iterations} sweeps; first fit {first * 1000:F0} ms, then {best * 1000:F0} ms",
                $"CpAls: rank 1 {one.Fit:P3}, rank 3 {three.Fit:P3} (best of 3 starts)",
            ],
            [
                Study.Mode("sample", model.Factors[0]), Study.Mode("emission channel", model.Factors[1]), Study.Mode("excitation channel", model.Factors[2]), Study.Mode("time", model.Factors[3]),
            ],
            Names(3));
    }

    /// <summary>Sensory scores of ten breads (five kinds, each baked twice) by eight judges: noisy.</summary>
    public static Study Bread(string data, int rounds)
    {
        Tensor<double> x = Read(data, "bread_sensory_X");
        double[] salt = Read(data, "bread_salt").ToArray();
        CpResult<double>[] models = [.. Enumerable.Range(1, 3).Select(rank => new CpAls { Restarts = 10 }.Fit(x, rank))];
        (double first, double best, ConstrainedCpResult<double> model) = Study.Timed(rounds, () => new NonNegativeCp { Restarts = 10 }.Fit(x, 2));
        return new Study(
            "bread",
            "Bread, 10 breads x 11 attributes x 8 judges: NonNegativeCp, rank 2, best of 10 starts",
            model.Fit,
            best,
            [
                $"explains {model.Fit:P1}; first fit {first * 1000:F0} ms, then {best * 1000:F0} ms",
                $"CpAls, best of 10 starts: rank 1 {models[0].Fit:P1}, rank 2 {models[1].Fit:P1}, rank 3 {models[2].Fit:P1}",
                $"best correlation of a bread factor with the salt content: {Study.BestCorrelation(models[2].Factors[0], salt).Correlation:F2} (CpAls, rank 3)",
            ],
            [Study.Mode("bread", model.Factors[0]), Study.Mode("attribute", model.Factors[1]), Study.Mode("judge", model.Factors[2])],
            Names(2));
    }

    private static Tensor<double> Read(string data, string name) => NpyFile.Read<double>(Path.Combine(data, name + ".npy"));

    private static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(static r => $"component {r}")];
}
