using System.Numerics;

namespace Polyad.Managed;

internal static unsafe class SymmetricEigenSolver
{
    public static void Run<T>(in MatrixBlock<T> a, T* eigenvalues, in MatrixBlock<T> eigenvectors, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();

    public static void RunValues<T>(in MatrixBlock<T> a, T* eigenvalues, Parallelism parallelism)
        where T : unmanaged, INumberBase<T>
        => throw new NotImplementedException();
}
