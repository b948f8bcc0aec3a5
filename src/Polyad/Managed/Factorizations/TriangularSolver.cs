using System.Numerics;

namespace Polyad.Managed;

internal static unsafe class TriangularSolver
{
    public static void Run<T>(Triangle triangle, bool unitDiagonal, in MatrixBlock<T> a, in MatrixBlock<T> b, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
