using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>The matrices of the problems in a panel's lanes. Two kinds, so that kernels are written once: one matrix for all rows, or one for each.</summary>
internal interface IPanelCoefficients<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Element (r, s) of the matrices of the lanes from <paramref name="lane"/> on.</summary>
    Vector<T> Load(int r, int s, int lane);
}

/// <summary>One R x R matrix for all rows.</summary>
internal readonly unsafe struct SharedCoefficients<T>(T* matrix, int rank) : IPanelCoefficients<T>
    where T : unmanaged, INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Load(int r, int s, int lane) => new(matrix[(r * rank) + s]);
}

/// <summary>A packed matrix for each row, in lanes.</summary>
internal readonly unsafe struct RowCoefficients<T>(T* packed) : IPanelCoefficients<T>
    where T : unmanaged, INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Load(int r, int s, int lane) => Vector.Load(packed + (PackedSymmetric.Index(r, s) * RowPanel<T>.Lanes) + lane);
}
