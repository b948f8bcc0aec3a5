using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad;

/// <summary>The checks at the public door, shared by every engine.</summary>
internal static class Arguments
{
    public static void Supported<T>()
        where T : unmanaged
    {
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float))
        {
            throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double or float.");
        }
    }

    public static void Square<T>(in ReadOnlyMatrixView<T> a, [CallerArgumentExpression(nameof(a))] string name = "")
        where T : unmanaged
    {
        if (a.Rows != a.Columns)
        {
            throw new ArgumentException($"The matrix must be square; it is {a.Rows} x {a.Columns}.", name);
        }
    }

    public static void Shape<T>(in MatrixView<T> a, int rows, int columns, [CallerArgumentExpression(nameof(a))] string name = "")
        where T : unmanaged
    {
        if (a.Rows != rows || a.Columns != columns)
        {
            throw new ArgumentException($"'{name}' must be {rows} x {columns}; it is {a.Rows} x {a.Columns}.", name);
        }
    }

    public static void Length<T>(ReadOnlySpan<T> span, int length, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (span.Length != length)
        {
            throw new ArgumentException($"'{name}' must have {length} elements; it has {span.Length}.", name);
        }
    }

    public static void Disjoint<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, string first, string second)
        where T : unmanaged
    {
        if (Overlap.Exists(a, b))
        {
            throw new ArgumentException($"'{second}' ({b.Rows} x {b.Columns}) shares elements with '{first}' ({a.Rows} x {a.Columns}).", second);
        }
    }

    public static void Disjoint<T>(in ReadOnlyMatrixView<T> a, ReadOnlySpan<T> b, string first, string second)
        where T : unmanaged
        => Disjoint(a, new ReadOnlyMatrixView<T>(b, 1, b.Length), first, second);

    public static void Finite<T>(in ReadOnlyMatrixView<T> a, in FactorizationOptions options, string name, Parallelism? parallelism = null)
        where T : unmanaged, INumberBase<T>
    {
        if (options.CheckFinite && !FiniteCheck.All(a, out int row, out int column, parallelism))
        {
            RefuseNonFinite(a, row, column, name);
        }
    }

    /// <summary>As <see cref="Finite"/> for a triangle: the other half is not read.</summary>
    public static void FiniteTriangle<T>(Triangle triangle, in ReadOnlyMatrixView<T> a, in FactorizationOptions options, string name, Parallelism? parallelism = null)
        where T : unmanaged, INumberBase<T>
    {
        if (options.CheckFinite && !FiniteCheck.InTriangle(triangle, a, out int row, out int column, parallelism))
        {
            RefuseNonFinite(a, row, column, name);
        }
    }

    public static void Mode(int mode, int rank)
    {
        if ((uint)mode >= (uint)rank)
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"The mode must be between 0 and {rank - 1} for a tensor of rank {rank}.");
        }
    }

    private static void RefuseNonFinite<T>(in ReadOnlyMatrixView<T> a, int row, int column, string name)
        where T : unmanaged
        => throw new NonFiniteInputException($"'{name}' ({a.Rows} x {a.Columns}) holds {a[row, column]} at ({row}, {column}).", name);
}
