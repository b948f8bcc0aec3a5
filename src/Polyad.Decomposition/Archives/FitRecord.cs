namespace Polyad.Decomposition;

/// <summary>What every fit reports of itself, as archives hold it.</summary>
internal readonly record struct FitRecord(double RelativeError, IReadOnlyList<double> ErrorHistory, int Iterations, bool Converged)
{
    public void AddTo(ModelArchive archive, string prefix = "")
    {
        archive.Add(prefix + "relative_error", RelativeError);
        archive.Add(prefix + "error_history", [.. ErrorHistory]);
        archive.Add(prefix + "iterations", Iterations);
        archive.Add(prefix + "converged", Converged ? 1 : 0);
    }

    public static FitRecord Of(ModelArchive archive, string prefix = "")
        => new(archive.Number(prefix + "relative_error"), archive.Numbers(prefix + "error_history"), archive.Whole(prefix + "iterations"), archive.Whole(prefix + "converged") != 0);
}
