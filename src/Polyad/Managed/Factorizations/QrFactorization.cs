using System.Numerics;

namespace Polyad.Managed;

internal static unsafe class QrFactorization
{
    public static void Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> q, in MatrixBlock<T> r, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void RunR<T>(in MatrixBlock<T> a, in MatrixBlock<T> r, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
