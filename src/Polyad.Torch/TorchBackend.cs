using System.Reflection;
using Polyad.Torch.Loading;
using static TorchSharp.torch;

namespace Polyad.Torch;

/// <summary>
/// The engine of PyTorch's native library, through TorchSharp: "torch" computes on the CPU, "torch:cuda" on a CUDA device. Matrices are lent to libtorch where they lie,
/// results come back by one copy (products on the CPU are computed in the caller's memory), and no autograd records are kept.
/// </summary>
/// <remarks>
/// libtorch is looked for where the environment variable POLYAD_LIBTORCH points ("none" switches the engine off), beside the application, and in the NuGet package cache;
/// it is loaded from there and copied nowhere. Where the system's libstdc++ is older than TorchSharp's native half wants, a patched copy of that small file is kept in the user's cache folder.
/// </remarks>
public sealed partial class TorchBackend : LinearAlgebraBackend
{
    private const string CpuId = "torch", CudaId = "torch:cuda";

    private static readonly Lock Gate = new();
    private static TorchBackend? _cpu;
    private static TorchBackend? _cuda;

    private readonly TorchRuntime _runtime;
    private readonly Device? _device;

    private TorchBackend(TorchRuntime runtime, string id, Device? device, Parallelism parallelism)
    {
        _runtime = runtime;
        _device = device;
        Id = id;
        Parallelism = parallelism;
    }

    /// <inheritdoc/>
    public override string Id { get; }

    /// <inheritdoc/>
    public override Parallelism Parallelism { get; }

    /// <summary>Adds "torch" and "torch:cuda" to the registry. Nothing is loaded before one of them is asked for.</summary>
    public static void Register()
    {
        Backend.Register(new BackendRegistration(CpuId, static () => Get(CpuId), static () => Probe(CpuId)));
        Backend.Register(new BackendRegistration(CudaId, static () => Get(CudaId), static () => Probe(CudaId)));
    }

    /// <summary>An engine on the CPU that uses at most <paramref name="maxThreads"/> threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is below 1.</exception>
    /// <exception cref="BackendUnavailableException">libtorch cannot be had; the message says why.</exception>
    public static TorchBackend Create(int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        TorchBackend shared = Get(CpuId);
        return new TorchBackend(shared._runtime, CpuId, null, new Parallelism(maxThreads));
    }

    /// <inheritdoc/>
    public override OperationSource SourceOf(LinearAlgebraOperation operation) => operation switch
    {
        LinearAlgebraOperation.Gram or LinearAlgebraOperation.ModeProduct or LinearAlgebraOperation.ModeGram or LinearAlgebraOperation.Mttkrp => OperationSource.Composed,
        LinearAlgebraOperation.Unfold or LinearAlgebraOperation.Fold => OperationSource.Managed,
        _ => OperationSource.Native,
    };

    /// <inheritdoc/>
    public override BackendInfo Describe() => new()
    {
        Id = Id,
        Available = true,
        Vendor = "PyTorch",
        Version = $"libtorch {LibraryNames.LibtorchVersion}, TorchSharp {typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
        Path = _runtime.Library,
        Threads = EffectiveParallelism.MaxThreads,
        SelfTest = "passed",
        NativeSymbols = Names(OperationSource.Native),
        ComposedSymbols = Names(OperationSource.Composed),
        ManagedSymbols = Names(OperationSource.Managed),
    };

    private static TorchBackend Get(string id) => TryGet(id, out string reason, out _) ?? throw new BackendUnavailableException(id, reason, null);

    private static BackendInfo Probe(string id) => TryGet(id, out string reason, out bool tested) is { } engine
        ? engine.Describe()
        : new BackendInfo { Id = id, Available = false, Reason = reason, SelfTest = tested ? $"failed: {reason}" : "not run" };

    private static TorchBackend? TryGet(string id, out string reason, out bool tested)
    {
        tested = false;
        reason = "";
        bool onCuda = id == CudaId;
        if (Volatile.Read(ref onCuda ? ref _cuda : ref _cpu) is { } ready)
        {
            return ready;
        }

        lock (Gate)
        {
            ref TorchBackend? shelf = ref onCuda ? ref _cuda : ref _cpu;
            if (shelf is not null)
            {
                return shelf;
            }

            if (TorchRuntime.TryGet(out reason) is not { } runtime || (onCuda && !HasCuda(runtime, out reason)))
            {
                return null;
            }

            tested = true;
            if (SelfTest.Run(() => new TorchBackend(runtime, id, onCuda ? CUDA : null, Parallelism.Default), out TorchBackend? engine) is { } wrong)
            {
                reason = $"'{runtime.Library}' failed its self-test and is not used: {wrong}";
                return null;
            }

            Volatile.Write(ref shelf, engine);
            return engine;
        }
    }

    private static bool HasCuda(TorchRuntime runtime, out string reason)
    {
        reason = runtime.CudaReason ?? "";
        if (runtime.CudaReason is null && !cuda.is_available())
        {
            reason = "libtorch finds no CUDA device: the driver is missing or the device is not visible to this process.";
        }

        return reason.Length == 0;
    }

    private string[] Names(OperationSource source) => [.. Enum.GetValues<LinearAlgebraOperation>().Where(operation => SourceOf(operation) == source).Select(operation => operation.ToString())];

    private TorchCall Begin(double flops)
    {
        Parallelism parallelism = EffectiveParallelism;
        return new TorchCall(_runtime, _device, parallelism, parallelism.ThreadsForFlops(flops));
    }
}
