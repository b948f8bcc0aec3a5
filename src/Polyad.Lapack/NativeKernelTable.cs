using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Lapack;

/// <summary>
/// What one library gives: its routines in both precisions, its thread setting, and who it is. Immutable, so an engine that holds a table sees one library whole,
/// whatever other threads choose meanwhile.
/// </summary>
internal sealed class NativeKernelTable
{
    private readonly Routines<double> _double;
    private readonly Routines<float> _single;

    private NativeKernelTable(LoadedLibrary library, SymbolProbe[] layers, IntegerWidth width)
    {
        Path = library.Path;
        Width = width;
        Suffix = string.Join('+', layers.Select(static layer => layer.Suffix));
        Identity = LibraryIdentity.Of(library.Export);
        Threads = ThreadControl.For(library.Export);
        _double = new Routines<double>(Find, width);
        _single = new Routines<float>(Find, width);

        nint Find(string routine)
        {
            foreach (SymbolProbe layer in layers)
            {
                if (layer.Find(routine) is not 0 and nint address)
                {
                    return address;
                }
            }

            return 0;
        }
    }

    /// <summary>The file or files.</summary>
    public string Path { get; }

    /// <summary>The library's INTEGER.</summary>
    public IntegerWidth Width { get; }

    /// <summary>The suffix of its names, one for each layer.</summary>
    public string Suffix { get; }

    /// <summary>Vendor, version, core.</summary>
    public LibraryIdentity Identity { get; }

    /// <summary>The library's thread setting.</summary>
    public ThreadControl Threads { get; }

    /// <summary>Builds the table of a loaded library, or says why it has none.</summary>
    public static NativeKernelTable? TryBuild(LoadedLibrary library, out string reason)
    {
        if (!BitConverter.IsLittleEndian)
        {
            reason = "native engines pass integers to libraries of either integer size as little-endian words; this machine is big-endian.";
            return null;
        }

        List<SymbolProbe> layers = [];
        foreach (nint handle in library.Handles)
        {
            if (SymbolProbe.For(handle) is { } layer)
            {
                layers.Add(layer);
            }
        }

        if (layers.Count < library.Handles.Length)
        {
            reason = $"'{library.Path}' exports no BLAS or LAPACK routine (dgemm, dpotrf, ...) under any known suffix.";
            return null;
        }

        MklThreadingLayer.Settle(library);
        IntegerWidth[] widths = [.. layers.Select(IntegerWidthProbe.Detect).Distinct()];
        if (widths.Length > 1)
        {
            reason = $"the layers of '{library.Path}' disagree on the size of an INTEGER (32 and 64 bits); name libraries of one size.";
            return null;
        }

        reason = "";
        return new NativeKernelTable(library, [.. layers], widths[0]);
    }

    /// <summary>The routines for an element type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Routines<T> For<T>()
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(double) ? Unsafe.As<Routines<T>>(_double) : Unsafe.As<Routines<T>>(_single);

    /// <summary>Whether a routine is there in both precisions.</summary>
    public bool Has(Routine routine) => _double.Has(routine) && _single.Has(routine);
}
