using System.Numerics;

namespace Polyad.Lapack;

/// <summary>
/// An engine on a native BLAS/LAPACK library: MKL, OpenBLAS, BLIS and LAPACK, or any other by path. What the library lacks is composed from what it has,
/// or filled in by the managed engine; <see cref="Describe"/> and <see cref="SourceOf"/> say which.
/// </summary>
/// <remarks>
/// Results do not depend on the layout of the views beyond rounding, but unlike the managed engine's they may depend on the number of threads.
/// Threads never exceed the ambient <see cref="Polyad.Parallelism.Current"/>; small work gets one. The library's own thread setting is the caller's again after each call.
/// </remarks>
public sealed partial class LapackBackend : LinearAlgebraBackend
{
    private static readonly FactorizationOptions Unchecked = new() { CheckFinite = false };

    private readonly NativeKernelTable _table;
    private readonly string _selfTest;

    internal LapackBackend(string id, NativeKernelTable table, string selfTest)
    {
        Id = id;
        _table = table;
        _selfTest = selfTest;
    }

    /// <inheritdoc/>
    public override string Id { get; }

    /// <summary>The library behind the engine.</summary>
    internal NativeKernelTable Table => _table;

    /// <inheritdoc/>
    public override Parallelism Parallelism => Parallelism.Default;

    /// <inheritdoc/>
    public override OperationSource SourceOf(LinearAlgebraOperation operation) => operation switch
    {
        LinearAlgebraOperation.MatMul => Own(Routine.Gemm),
        LinearAlgebraOperation.Gram => _table.Has(Routine.Syrk) ? OperationSource.Native : Composed(Routine.Gemm),
        LinearAlgebraOperation.TriangularSolve => Own(Routine.Trsm),
        LinearAlgebraOperation.Cholesky => Own(Routine.Potrf),
        LinearAlgebraOperation.Lu => Own(Routine.Getrf),
        LinearAlgebraOperation.Qr or LinearAlgebraOperation.QrR => Own(Routine.Geqrf, Routine.Orgqr),
        LinearAlgebraOperation.SymmetricEigen or LinearAlgebraOperation.SymmetricEigenvalues => Own(Routine.Syevd),
        LinearAlgebraOperation.Svd or LinearAlgebraOperation.SingularValues => Own(Routine.Gesdd),
        LinearAlgebraOperation.ModeProduct or LinearAlgebraOperation.ModeGram or LinearAlgebraOperation.Mttkrp => Composed(Routine.Gemm),
        _ => OperationSource.Managed,
    };

    /// <inheritdoc/>
    public override BackendInfo Describe()
    {
        LibraryIdentity identity = _table.Identity;
        int native = _table.Threads.Current;
        return new BackendInfo
        {
            Id = Id,
            Available = true,
            Vendor = identity.Vendor,
            Version = $"{identity.Version} {(_table.Width == IntegerWidth.Bits64 ? "ILP64" : "LP64")}".Trim(),
            Isa = identity.Core,
            Path = _table.Path,
            Threads = native > 0 ? Math.Min(native, EffectiveParallelism.MaxThreads) : EffectiveParallelism.MaxThreads,
            SelfTest = _selfTest,
            NativeSymbols = Symbols(OperationSource.Native),
            ComposedSymbols = Symbols(OperationSource.Composed),
            ManagedSymbols = Symbols(OperationSource.Managed),
        };
    }

    private string[] Symbols(OperationSource source)
    {
        List<string> names = [];
        Add<double>();
        Add<float>();
        return [.. names];

        void Add<T>()
            where T : unmanaged, INumberBase<T>
        {
            Routines<T> routines = _table.For<T>();
            foreach (Routine routine in RoutineNames.All)
            {
                OperationSource own = routines.Has(routine) ? OperationSource.Native
                    : routine is Routine.Syrk or Routine.Gemv && routines.Has(Routine.Gemm) ? OperationSource.Composed
                    : OperationSource.Managed;
                if (own == source)
                {
                    names.Add(RoutineNames.Of<T>(routine));
                }
            }
        }
    }

    private OperationSource Own(Routine routine) => _table.Has(routine) ? OperationSource.Native : OperationSource.Managed;

    private OperationSource Own(Routine first, Routine second) => _table.Has(first) ? Own(second) : OperationSource.Managed;

    private OperationSource Composed(Routine routine) => _table.Has(routine) ? OperationSource.Composed : OperationSource.Managed;

    /// <summary>Limits the library to what products of so many flops are worth.</summary>
    private ThreadControl.Scope ThreadsForProduct(double flops) => _table.Threads.Use(EffectiveParallelism.ThreadsForFlops(flops / NativeThreading.ProductCost));

    /// <summary>Limits the library to what a factorization of so many flops is worth.</summary>
    private ThreadControl.Scope ThreadsForFactorization(double flops) => _table.Threads.Use(EffectiveParallelism.ThreadsForFlops(flops / NativeThreading.FactorizationCost));
}
