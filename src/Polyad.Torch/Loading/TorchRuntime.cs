using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Polyad.Torch.Loading;

/// <summary>
/// libtorch and TorchSharp's native half, loaded into this process by full path, before TorchSharp itself is touched: its own search would copy all of libtorch
/// beside the application, and a failure inside its type initialiser could not be mended. What fails here leaves the process as it was.
/// </summary>
internal sealed unsafe class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static TorchRuntime? _loaded;
    private static (string Shim, string Reason)? _refused;

    private TorchRuntime(LibraryNames names, LibtorchSearch found, string shim, nint shimHandle)
    {
        Library = Path.Combine(found.Folder!, names.TorchCpu);
        Shim = shim;
        FromBlob = (delegate* unmanaged<void*, delegate* unmanaged<void*, void>, long*, int, sbyte, sbyte, int, int, byte, nint>)NativeLibrary.GetExport(shimHandle, "THSTensor_new");
        Data = (delegate* unmanaged<nint, void*>)NativeLibrary.GetExport(shimHandle, "THSTensor_data");
        string cuda = Path.Combine(found.Folder!, names.TorchCuda);
        CudaReason = !File.Exists(cuda)
            ? $"this libtorch has no CUDA: there is no {names.TorchCuda} in '{found.Folder}'. Add the package TorchSharp-cuda for this platform to the application, or set {LibtorchSearch.Variable} to the folder of a libtorch {LibraryNames.LibtorchVersion} with CUDA."
            : !TryLoad(cuda, out _, out string reason) ? reason : null;
    }

    /// <summary>The path of libtorch.</summary>
    public string Library { get; }

    /// <summary>The path of TorchSharp's native half as loaded: in the cache folder when it was patched.</summary>
    public string Shim { get; }

    /// <summary>Why there is no CUDA device; null when its library is loaded.</summary>
    public string? CudaReason { get; }

    /// <summary>THSTensor_new(data, deleter, sizes, rank, type, dtype, device type, device index, requires grad): a tensor over memory that it does not own.</summary>
    public delegate* unmanaged<void*, delegate* unmanaged<void*, void>, long*, int, sbyte, sbyte, int, int, byte, nint> FromBlob { get; }

    /// <summary>THSTensor_data(tensor): the address of its first element.</summary>
    public delegate* unmanaged<nint, void*> Data { get; }

    /// <summary>Loads what is needed, once; null with the reason when it cannot be had. What is missing is looked for again at the next call.</summary>
    public static TorchRuntime? TryGet(out string reason)
    {
        reason = "";
        if (Volatile.Read(ref _loaded) is { } loaded)
        {
            return loaded;
        }

        lock (Gate)
        {
            if (_loaded is not null)
            {
                return _loaded;
            }

            if (LibraryNames.Current is not { } names)
            {
                reason = $"there is no libtorch package for {RuntimeInformation.RuntimeIdentifier}.";
                return null;
            }

            LibtorchSearch found = LibtorchSearch.InThisProcess(names);
            if (found.Reason is { } missing)
            {
                reason = missing;
                return null;
            }

            if (_refused is { } refused && refused.Shim == found.Shim)
            {
                reason = refused.Reason;
                return null;
            }

            if (Load(names, found, out reason) is not { } runtime)
            {
                _refused = (found.Shim!, reason);
                return null;
            }

            Volatile.Write(ref _loaded, runtime);
            return runtime;
        }
    }

    private static TorchRuntime? Load(LibraryNames names, LibtorchSearch found, out string reason)
    {
        string shim = found.Shim!;
        if (OperatingSystem.IsLinux())
        {
            try
            {
                shim = ShimCopy.Loadable(shim, StandardLibrary.Path(), UserCache.Folder);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                reason = $"'{found.Shim}' needs a libstdc++ with {ShimCopy.Version}, and no copy that can do without could be made: {e.Message}";
                return null;
            }
        }

        // The shim's own dependencies are found among the loaded libraries, by name.
        if (!TryLoad(Path.Combine(found.Folder!, names.TorchCpu), out _, out reason)
            || !TryLoad(Path.Combine(found.Folder!, names.Torch), out _, out reason)
            || !TryLoad(shim, out nint handle, out reason))
        {
            return null;
        }

        if (!NativeLibrary.TryGetExport(handle, "THSTensor_new", out _) || !NativeLibrary.TryGetExport(handle, "THSTensor_data", out _))
        {
            reason = $"'{shim}' is not the native half of TorchSharp {LibraryNames.TorchSharpVersion}: it lacks THSTensor_new or THSTensor_data.";
            return null;
        }

        // Where the platform's loader does not know a loaded library by its bare name, TorchSharp's imports are answered here.
        AssemblyLoadContext.GetLoadContext(typeof(TorchSharp.torch).Assembly)!.ResolvingUnmanagedDll += (_, name) => name == "LibTorchSharp" ? handle : 0;
        return new TorchRuntime(names, found, shim, handle);
    }

    private static bool TryLoad(string path, out nint handle, out string reason)
    {
        try
        {
            handle = NativeLibrary.Load(path);
            reason = "";
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            reason = $"'{path}' cannot be loaded: {e.Message}";
            return false;
        }
    }
}
