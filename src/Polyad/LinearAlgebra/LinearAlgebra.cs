using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>
/// Linear algebra derived from the primitives of <see cref="ILinearAlgebraBackend"/>, in forms that allocate their results (dense, row-major).
/// Every member takes the engine as its last argument; null means <see cref="Backend.Current"/>. Element types are <see cref="float"/> and <see cref="double"/>.
/// </summary>
public static partial class LinearAlgebra
{
    /// <summary>The first element of a tensor. Its span knows where a slice begins; the tensor's own pinnable reference is that of the whole array.</summary>
    internal static ref T First<T>(Tensor<T> tensor)
        where T : unmanaged
        => ref tensor.AsTensorSpan().GetPinnableReference();

    /// <summary>The elements of a dense tensor in row-major order.</summary>
    internal static Span<T> Elements<T>(Tensor<T> dense)
        where T : unmanaged
        => dense.FlattenedLength == 0 ? [] : MemoryMarshal.CreateSpan(ref First(dense), checked((int)dense.FlattenedLength));

    /// <summary>The distance from 1 to the next number: 2^-52 or 2^-23.</summary>
    internal static double Epsilon<T>()
        where T : unmanaged
        => typeof(T) == typeof(float) ? 1.0 / (1 << 23) : 1.0 / (1L << 52);

    private static ILinearAlgebraBackend Engine(ILinearAlgebraBackend? backend) => backend ?? Backend.Current;

    private static Tensor<T> NewMatrix<T>(int rows, int columns)
        where T : unmanaged
        => FreshMemory.Zeros<T>([rows, columns]);

    private static Tensor<T> NewVector<T>(int length)
        where T : unmanaged
        => Tensor.CreateFromShape<T>([length]);

    internal static Tensor<T> Identity<T>(int n)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> identity = NewMatrix<T>(n, n);
        Span<T> elements = Elements(identity);
        for (int i = 0; i < n; i++)
        {
            elements[(i * n) + i] = T.One;
        }

        return identity;
    }

    private static double Real<T>(T value)
        where T : unmanaged, INumberBase<T>
        => double.CreateSaturating(value);

    /// <summary>A right side: a matrix as it is, a vector as one column.</summary>
    internal static ReadOnlyMatrixView<T> RightSide<T>(Tensor<T> b)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(b);
        return b.Rank == 1 ? new ReadOnlyMatrixView<T>(ref First(b), checked((int)b.Lengths[0]), 1, b.Strides[0], 1) : b.AsReadOnlyMatrix();
    }

    internal static Tensor<T> LikeRightSide<T>(Tensor<T> solution, Tensor<T> b)
        where T : unmanaged
        => b.Rank == 1 ? Copy<T>(Elements(solution)) : solution;
}
