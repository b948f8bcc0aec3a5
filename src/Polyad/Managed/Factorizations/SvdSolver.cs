using System.Numerics;

namespace Polyad.Managed;

internal static unsafe class SvdSolver
{
    public static void Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> u, T* s, in MatrixBlock<T> vt, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void RunValues<T>(in MatrixBlock<T> a, T* s, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
