using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Polyad.Managed;

namespace Polyad;

/// <summary>
/// The engine written in C#: packed SIMD products for AVX-512, AVX2, 128-bit vectors (NEON included) and scalars, and blocked factorizations on top.
/// It needs no native file. Results are the same, bit for bit, for any number of threads on one machine.
/// </summary>
public sealed partial class ManagedBackend : LinearAlgebraBackend
{
    /// <summary>Creates an engine that uses at most <paramref name="maxThreads"/> threads (default: as many as the process may run on).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is below 1.</exception>
    public ManagedBackend(int? maxThreads = null)
    {
        if (maxThreads is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(maxThreads));
        }

        Parallelism = maxThreads is { } n ? new Parallelism(n) : Parallelism.Default;
    }

    /// <summary>The instance behind the id "managed".</summary>
    public static ManagedBackend Shared { get; } = new();

    /// <inheritdoc/>
    public override string Id => "managed";

    /// <inheritdoc/>
    public override Parallelism Parallelism { get; }

    /// <summary>The widest vectors that its kernels use here: "AVX-512", "AVX2", "NEON", "SSE" or "scalar".</summary>
    public static string Isa => Vector512.IsHardwareAccelerated ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : AdvSimd.IsSupported ? "NEON"
        : Vector128.IsHardwareAccelerated ? "SSE"
        : "scalar";

    /// <inheritdoc/>
    public override OperationSource SourceOf(LinearAlgebraOperation operation) => OperationSource.Managed;

    /// <inheritdoc/>
    public override BackendInfo Describe() => new()
    {
        Id = Id,
        Available = true,
        Vendor = "Polyad",
        Version = typeof(ManagedBackend).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
        Isa = Isa,
        Threads = EffectiveParallelism.MaxThreads,
        SelfTest = "passed",
        ManagedSymbols = Enum.GetNames<LinearAlgebraOperation>(),
    };
}
