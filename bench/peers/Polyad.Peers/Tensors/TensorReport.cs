using System.Text.Json;

namespace Polyad.Peers.Tensors;

/// <summary>Prints contests with a peer on numpy, both with the same number of threads.</summary>
internal static class TensorReport
{
    /// <param name="contests">The work, by engine and rounds.</param>
    /// <param name="script">The peer.</param>
    /// <param name="python">The interpreter, which has numpy.</param>
    /// <param name="threads">For both sides.</param>
    /// <param name="operations">Those to run; none for all.</param>
    /// <param name="rounds">How often each side is timed.</param>
    public static IReadOnlyList<TensorOutcome> Run(Func<ILinearAlgebraBackend, int, IEnumerable<TensorContest>> contests, string script, string python, int threads, IReadOnlyList<string> operations, int rounds)
    {
        using IDisposable limit = Parallelism.Use(threads);
        using NumpyProcess numpy = new(python, script, threads);
        using JsonDocument about = JsonDocument.Parse(numpy.About);
        JsonElement blas = about.RootElement.GetProperty("blas");
        Console.WriteLine($"Polyad {typeof(Backend).Assembly.GetName().Version} ({ManagedBackend.Isa}), .NET {Environment.Version}; numpy {about.RootElement.GetProperty("numpy")}, {blas}");
        Console.WriteLine($"float64, {threads} thread(s) each, medians of interleaved rounds and the distance of their quartiles; readings: Polyad's time by that of one reading of the tensor; error: relative, each side on uniform numbers; of mttkrp and unfold, by the definition");
        Console.WriteLine(TensorOutcome.Header);
        List<TensorOutcome> outcomes = [];
        foreach (TensorContest contest in contests(new ManagedBackend(threads), rounds).Where(contest => operations.Count == 0 || operations.Contains(contest.Operation)))
        {
            TensorOutcome outcome = contest.Run(numpy, threads);
            outcomes.Add(outcome);
            Console.WriteLine(outcome.Line);
        }

        return outcomes;
    }
}
