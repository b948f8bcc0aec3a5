using System.Collections.Concurrent;

namespace Polyad.Conformance;

/// <summary>The cases of one operation, engine and element type as they were run, and those that failed.</summary>
internal sealed class CaseLog(ILinearAlgebraBackend engine, LinearAlgebraOperation operation, Type element)
{
    private readonly List<string> _failures = [];

    public ILinearAlgebraBackend Engine { get; } = engine;

    public LinearAlgebraOperation Operation { get; } = operation;

    public Type Element { get; } = element;

    public ConcurrentDictionary<(Layout Layout, SizeClass Size), int> Cells { get; } = new();

    public ConcurrentDictionary<MatrixKind, int> Kinds { get; } = new();

    public int Failed => _failures.Count;

    public int Total { get; private set; }

    /// <summary>Runs one case and files it under its cell of the coverage matrix.</summary>
    public void Case(Layout layout, SizeClass size, string label, Action body)
    {
        Try($"{label} [{layout}]", body);
        Cells.AddOrUpdate((layout, size), 1, static (_, n) => n + 1);
    }

    /// <summary>Runs one case on a matrix type of the gallery.</summary>
    public void Case(MatrixKind kind, string label, Action body)
    {
        Try($"{label} [{kind}]", body);
        Kinds.AddOrUpdate(kind, 1, static (_, n) => n + 1);
    }

    public void AssertNoFailure()
    {
        if (_failures.Count > 0)
        {
            Assert.Fail($"{_failures.Count} of {Total} cases of {Operation} on {Engine.Id} ({Element.Name}) failed:\n  " + string.Join("\n  ", _failures.Take(12)));
        }
    }

    private void Try(string label, Action body)
    {
        Total++;
        try
        {
            body();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failures.Add($"{label}: {(e is Xunit.Sdk.XunitException ? e.Message : e.GetType().Name + ": " + e.Message + At(e))}");
        }
    }

    private static string At(Exception e) => e.StackTrace is { } trace ? " " + trace.Split('\n')[0].Trim() : "";
}
