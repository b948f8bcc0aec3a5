using System.Runtime.InteropServices;

namespace Polyad.Torch.Loading;

/// <summary>What the files and packages of libtorch are called on one platform.</summary>
/// <param name="Rid">The runtime identifier in package paths.</param>
/// <param name="Prefix">What a library's name begins with.</param>
/// <param name="Suffix">What it ends with.</param>
internal sealed record LibraryNames(string Rid, string Prefix, string Suffix)
{
    /// <summary>The libtorch that <see cref="TorchSharpVersion"/> was built for: another one has other symbols.</summary>
    public const string LibtorchVersion = "2.10.0";

    public const string TorchSharpVersion = "0.107.0";

    public string TorchCpu => File("torch_cpu");

    public string TorchCuda => File("torch_cuda");

    public string Torch => File("torch");

    /// <summary>TorchSharp's own native half.</summary>
    public string Shim => File("LibTorchSharp");

    public string CpuPackage => $"libtorch-cpu-{Rid}";

    /// <summary>The names of this process's platform; null where there is no libtorch package.</summary>
    public static LibraryNames? Current { get; } = Of(RuntimeInformation.ProcessArchitecture);

    private static LibraryNames? Of(Architecture architecture) => architecture switch
    {
        Architecture.X64 when OperatingSystem.IsLinux() => new("linux-x64", "lib", ".so"),
        Architecture.X64 when OperatingSystem.IsWindows() => new("win-x64", "", ".dll"),
        Architecture.Arm64 when OperatingSystem.IsWindows() => new("win-arm64", "", ".dll"),
        Architecture.Arm64 when OperatingSystem.IsMacOS() => new("osx-arm64", "lib", ".dylib"),
        _ => null,
    };

    private string File(string library) => Prefix + library + Suffix;
}
