using System.Numerics;

namespace Polyad.Peers.Direct;

/// <summary>Each engine beside its own library called without the engine: what does the interface cost?</summary>
internal static class DirectContests
{
    public static IEnumerable<string> Engines => Backend.Probe().Where(static info => info.Available && info.Id is "mkl" or "openblas" or "torch" or "mathnet").Select(static info => info.Id);

    public static IEnumerable<Contest> All(string engine, int n, bool single) => single ? All<float>(engine, n) : All<double>(engine, n);

    private static IEnumerable<Contest> All<T>(string id, int n)
        where T : unmanaged, INumberBase<T>, IEquatable<T>, IFormattable
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        Numbers<T> x = new(n);
        IEnumerable<DirectCall> direct = id switch
        {
            "torch" => TorchCalls.Of(x),
            "mathnet" => MathNetCalls.Of(x),
            _ when id.StartsWith("lapack:", StringComparison.Ordinal) => FortranCalls.Of(new FortranLibrary<T>(id["lapack:".Length..].Split('+')), x),
            _ => FortranCalls.Of(new FortranLibrary<T>(engine.Describe().Path!), x),
        };
        Dictionary<string, Action> through = ThroughEngine(engine, x);
        foreach (DirectCall call in direct)
        {
            yield return new Contest(call.Operation, $"{n} x {n}", typeof(T) == typeof(float) ? "f32" : "f64", new Player(id, through[call.Operation]), new Player("direct", call.Run));
        }
    }

    /// <summary>The rows of <c>polyad compare</c>: row-major matrices, results in given memory.</summary>
    private static Dictionary<string, Action> ThroughEngine<T>(ILinearAlgebraBackend engine, Numbers<T> x)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.N;
        T[] first = x.NewMatrix(), second = x.NewMatrix(), values = new T[n];
        int[] pivots = new int[n];
        return new()
        {
            ["gemm"] = () => engine.MatMul(T.One, Of(x.A), Of(x.B), T.Zero, Into(first)),
            ["gram"] = () => engine.Gram(T.One, Of(x.A), T.Zero, Into(first)),
            ["solve"] = () => { x.B.CopyTo(first, 0); engine.TriangularSolve(Triangle.Lower, false, Of(x.Definite), Into(first)); },
            ["cholesky"] = () => engine.Cholesky(Of(x.Definite), Into(first)),
            ["lu"] = () => engine.Lu(Of(x.A), Into(first), pivots),
            ["qr"] = () => engine.Qr(Of(x.A), Into(first), Into(second)),
            ["eigh"] = () => engine.SymmetricEigen(Of(x.Definite), values, Into(first)),
            ["svd"] = () => engine.Svd(Of(x.A), Into(first), values, Into(second)),
            ["svdvals"] = () => engine.SingularValues(Of(x.A), values),
        };

        ReadOnlyMatrixView<T> Of(T[] a) => new(a, n, n);
        MatrixView<T> Into(T[] a) => new(a, n, n);
    }
}
