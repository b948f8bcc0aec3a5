using System.Numerics;
using System.Reflection;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Polyad.MathNet;

/// <summary>
/// Math.NET Numerics as an engine (id "mathnet"): its managed provider, whatever provider the process has chosen for Math.NET itself. It is the reference that other engines
/// are compared with, not a fast one: scalar loops, and matrices copied into column-major arrays.
/// </summary>
/// <remarks>
/// Math.NET's SVD makes a full U; here a matrix that is not square goes through QR first, so that thin factors cost thin memory. It has no triangular solver and no
/// LU of a rectangular matrix: the managed engine does those. Where its vectors come out not orthonormal, which happens to matrices of low rank, the managed engine
/// decomposes the matrix again. A limit on threads below <see cref="global::MathNet.Numerics.Control.MaxDegreeOfParallelism"/> lowers that
/// setting, which is process-wide, for the time of the call.
/// </remarks>
public sealed partial class MathNetBackend : LinearAlgebraBackend
{
    private readonly ManagedBackend _managed;
    private readonly Lazy<string> _selfTest;
    private readonly ArrayShelf _shelf = new();

    /// <summary>Makes an engine that uses at most <paramref name="maxThreads"/> threads (default: as many as the process may run on).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is below 1.</exception>
    public MathNetBackend(int? maxThreads = null)
    {
        _managed = new ManagedBackend(maxThreads);
        Parallelism = _managed.Parallelism;
        _selfTest = new Lazy<string>(SelfTest);
    }

    /// <summary>The instance behind the id "mathnet".</summary>
    public static MathNetBackend Shared { get; } = new();

    /// <inheritdoc/>
    public override string Id => "mathnet";

    /// <inheritdoc/>
    public override Parallelism Parallelism { get; }

    private int Threads => Math.Min(Parallelism.MaxThreads, Parallelism.Current.MaxThreads);

    /// <summary>Makes the id "mathnet" known to <see cref="Backend"/>.</summary>
    public static void Register() => Backend.Register(new BackendRegistration("mathnet", static () => Shared, static () => Shared.Describe()));

    /// <inheritdoc/>
    public override OperationSource SourceOf(LinearAlgebraOperation operation) => operation switch
    {
        LinearAlgebraOperation.MatMul or LinearAlgebraOperation.Cholesky or LinearAlgebraOperation.Lu or LinearAlgebraOperation.Qr
            or LinearAlgebraOperation.SymmetricEigen or LinearAlgebraOperation.Svd or LinearAlgebraOperation.SingularValues => OperationSource.Native,
        LinearAlgebraOperation.TriangularSolve or LinearAlgebraOperation.Unfold or LinearAlgebraOperation.Fold => OperationSource.Managed,
        _ => OperationSource.Composed,
    };

    /// <inheritdoc/>
    public override BackendInfo Describe()
    {
        Assembly assembly = typeof(ManagedLinearAlgebraProvider).Assembly;
        return new BackendInfo
        {
            Id = Id,
            Available = true,
            Vendor = "Math.NET Numerics",
            Version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString() ?? "",
            Isa = "scalar",
            Threads = Threads,
            SelfTest = _selfTest.Value,
            NativeSymbols = [.. Names(OperationSource.Native)],
            ComposedSymbols = [.. Names(OperationSource.Composed), "Svd (not square: QR first)", "SingularValues (not square: QR first)"],
            ManagedSymbols = [.. Names(OperationSource.Managed), "Lu (not square)", "Qr, Svd, SymmetricEigen (where Math.NET's vectors are not orthonormal)"],
        };
    }

    private IEnumerable<string> Names(OperationSource source) => Enum.GetValues<LinearAlgebraOperation>().Where(o => SourceOf(o) == source).Select(o => o.ToString());

    private static ILinearAlgebraProvider<T> Own<T>()
        where T : unmanaged
    {
        object provider = ManagedLinearAlgebraProvider.Instance;
        return (ILinearAlgebraProvider<T>)provider;
    }

    /// <summary>(3 0; 0 4) has the singular values 4 and 3, and its product with (1; 1) is (3; 4).</summary>
    private string SelfTest()
    {
        double[] a = [3, 0, 0, 4], s = new double[2], product = new double[2];
        SingularValues(new ReadOnlyMatrixView<double>(a, 2, 2), s);
        MatMul(1, new ReadOnlyMatrixView<double>(a, 2, 2), new ReadOnlyMatrixView<double>([1.0, 1], 2, 1), 0, new MatrixView<double>(product, 2, 1));
        bool right = product.AsSpan().SequenceEqual([3, 4]) && Math.Abs(s[0] - 4) < 1e-14 && Math.Abs(s[1] - 3) < 1e-14;
        return right ? "passed" : $"failed: product {string.Join(", ", product)}, singular values {string.Join(", ", s)}";
    }
}
