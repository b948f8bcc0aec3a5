using System.Collections.Concurrent;
using System.Globalization;

namespace Polyad.Conformance;

/// <summary>What runs: engines, operations and element types; each combination once per process, whoever asks first.</summary>
internal static class ConformanceRuns
{
    public const string ChildVariable = "POLYAD_CONFORMANCE_CHILD", ReportVariable = "POLYAD_CONFORMANCE_REPORT", ThreadsVariable = "POLYAD_CONFORMANCE_THREADS";

    private static readonly ConcurrentDictionary<(string, LinearAlgebraOperation, string), Lazy<CaseLog>> Layouts = new();
    private static readonly ConcurrentDictionary<(string, LinearAlgebraOperation, string), Lazy<CaseLog>> Galleries = new();

    /// <summary>A child runs one tier and starts no children of its own.</summary>
    public static bool IsChild => Environment.GetEnvironmentVariable(ChildVariable) == "1";

    public static int Threads => int.TryParse(Environment.GetEnvironmentVariable(ThreadsVariable), CultureInfo.InvariantCulture, out int n) ? n : Environment.ProcessorCount;

    /// <summary>Every engine that is available; in a child the managed one, which alone changes with the instruction set ('auto' would be the same code again).</summary>
    public static IReadOnlyList<string> Engines { get; } = IsChild ? ["managed"] : [.. Backend.Probe().Where(info => info.Available).Select(info => info.Id)];

    public static IReadOnlyList<string> Elements { get; } = ["double", "float"];

    public static LinearAlgebraOperation[] Operations { get; } = Enum.GetValues<LinearAlgebraOperation>();

    public static LinearAlgebraOperation[] Factorizations { get; } =
    [
        LinearAlgebraOperation.Cholesky, LinearAlgebraOperation.Lu, LinearAlgebraOperation.Qr, LinearAlgebraOperation.QrR, LinearAlgebraOperation.SymmetricEigen,
        LinearAlgebraOperation.SymmetricEigenvalues, LinearAlgebraOperation.Svd, LinearAlgebraOperation.SingularValues,
    ];

    public static CaseLog OnLayouts(string engine, LinearAlgebraOperation operation, string element)
        => Layouts.GetOrAdd((engine, operation, element), key => new(() => Run(key, (log, isFloat) =>
        {
            if (isFloat)
            {
                LayoutCases<float>(log);
            }
            else
            {
                LayoutCases<double>(log);
            }
        }))).Value;

    public static CaseLog OnGallery(string engine, LinearAlgebraOperation operation, string element)
        => Galleries.GetOrAdd((engine, operation, element), key => new(() => Run(key, (log, isFloat) =>
        {
            if (isFloat)
            {
                GalleryCases.Run<float>(log);
            }
            else
            {
                GalleryCases.Run<double>(log);
            }
        }))).Value;

    private static CaseLog Run((string Engine, LinearAlgebraOperation Operation, string Element) key, Action<CaseLog, bool> cases)
    {
        bool isFloat = key.Element == "float";
        CaseLog log = new(Backend.Get(key.Engine), key.Operation, isFloat ? typeof(float) : typeof(double));
        using (Parallelism.Use(Threads))
        {
            cases(log, isFloat);
        }

        return log;
    }

    private static void LayoutCases<T>(CaseLog log)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        switch (log.Operation)
        {
            case LinearAlgebraOperation.MatMul:
                ProductCases.MatMul<T>(log);
                break;
            case LinearAlgebraOperation.Gram:
                ProductCases.Gram<T>(log);
                break;
            case LinearAlgebraOperation.TriangularSolve:
                ProductCases.TriangularSolve<T>(log);
                break;
            case >= LinearAlgebraOperation.Unfold:
                TensorCases.Run<T>(log);
                break;
            default:
                FactorizationCases.Run<T>(log);
                break;
        }
    }
}
