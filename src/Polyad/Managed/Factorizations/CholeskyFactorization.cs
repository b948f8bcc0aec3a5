using System.Numerics;

namespace Polyad.Managed;

internal static unsafe class CholeskyFactorization
{
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> l, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
