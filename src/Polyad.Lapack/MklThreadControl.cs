namespace Polyad.Lapack;

/// <summary>MKL_Set_Num_Threads_Local: a limit of the calling thread alone, which answers with the limit that it replaces (0: the process-wide one).</summary>
internal sealed unsafe class MklThreadControl(nint setLocal, nint getMaximum) : ThreadControl
{
    private readonly delegate* unmanaged[Cdecl]<int, int> _setLocal = (delegate* unmanaged[Cdecl]<int, int>)setLocal;
    private readonly delegate* unmanaged[Cdecl]<int> _getMaximum = (delegate* unmanaged[Cdecl]<int>)getMaximum;

    public override int Current => _getMaximum == null ? 0 : _getMaximum();

    protected override int Limit(int threads) => _setLocal(threads);

    protected override void Restore(int threads, int token) => _setLocal(token);
}
