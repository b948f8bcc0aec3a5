using System.Numerics;

namespace Polyad.Managed;

internal static unsafe class LuFactorization
{
    public static int Run<T>(in MatrixBlock<T> a, in MatrixBlock<T> lu, Span<int> pivots, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
