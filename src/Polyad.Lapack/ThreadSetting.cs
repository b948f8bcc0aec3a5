namespace Polyad.Lapack;

/// <summary>A library's pair of functions that read and write its number of threads.</summary>
internal abstract class ThreadSetting
{
    public abstract int Read();

    public abstract void Write(int threads);
}

/// <summary>Functions on C int (OpenBLAS).</summary>
internal sealed unsafe class Int32ThreadSetting(nint set, nint get) : ThreadSetting
{
    public override int Read() => ((delegate* unmanaged[Cdecl]<int>)get)();

    public override void Write(int threads) => ((delegate* unmanaged[Cdecl]<int, void>)set)(threads);
}

/// <summary>Functions on 64-bit integers (BLIS dim_t); -1 means that nothing was set.</summary>
internal sealed unsafe class Int64ThreadSetting(nint set, nint get) : ThreadSetting
{
    public override int Read() => (int)((delegate* unmanaged[Cdecl]<long>)get)();

    public override void Write(int threads) => ((delegate* unmanaged[Cdecl]<long, void>)set)(threads);
}
