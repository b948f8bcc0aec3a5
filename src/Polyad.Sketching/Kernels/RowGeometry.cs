using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>What kernels need of rows: squared lengths, inner products, squared distances, domain checks.</summary>
internal static class RowGeometry
{
    /// <summary>|x_i|^2, summed in the element type.</summary>
    public static T[] SquaredLengths<T>(in FeatureRows<T> x)
        where T : unmanaged, INumberBase<T>
    {
        T[] squares = new T[x.Rows];
        using DenseRow<T> row = new(x.Columns);
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = TensorPrimitives.SumOfSquares(x.IsSparse ? x.EntryValues(i) : row.Of(x, i));
        }

        return squares;
    }

    /// <summary>The sum of each row.</summary>
    public static void Sums<T>(in FeatureRows<T> x, Span<T> sums)
        where T : unmanaged, INumberBase<T>
    {
        using DenseRow<T> row = new(x.Columns);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = TensorPrimitives.Sum(x.IsSparse ? x.EntryValues(i) : row.Of(x, i));
        }
    }

    /// <summary>1 / |x_i|, and 0 for a zero row; lengths whose squares leave the range count too.</summary>
    public static unsafe T[] InverseLengths<T>(in FeatureRows<T> x)
        where T : unmanaged, INumberBase<T>
    {
        T[] inverse = new T[x.Rows];
        using DenseRow<T> row = new(x.Columns);
        for (int i = 0; i < inverse.Length; i++)
        {
            ReadOnlySpan<T> values = x.IsSparse ? x.EntryValues(i) : row.Of(x, i);
            fixed (T* pointer = values)
            {
                T length = VectorKernels.Norm2(values.Length, pointer);
                if (!T.IsFinite(length))
                {
                    throw new OverflowException($"The length of row {i} leaves the range of {typeof(T).Name}: scale the rows down.");
                }

                inverse[i] = T.IsZero(length) ? T.Zero : T.One / length;
            }
        }

        return inverse;
    }

    /// <summary>K = X Y^T.</summary>
    public static void InnerProducts<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
        => x.Multiply(y.Transpose, k, backend);

    /// <summary>K = |x_i|^2 + |y_j|^2 - 2 x_i'y_j, not below 0, then a kernel of distances on each row.</summary>
    public static void OfSquaredDistances<T>(
        in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend, double nanoseconds, ElementMath.Function<T> kernel)
        where T : unmanaged, INumberBase<T>
    {
        InnerProducts(x, y, k, backend);
        T[] left = SquaredLengths(x), right = SquaredLengths(new FeatureRows<T>(y));
        T two = T.One + T.One;
        FeatureMatrix.ForEachRow(k, nanoseconds + 0.3, (i, row) =>
        {
            TensorPrimitives.MultiplyAdd(row, -two, right, row);
            TensorPrimitives.Add(row, left[i], row);
            ElementMath.AtLeastZero(row);
            kernel(row);
        });
    }

    /// <summary>Refuses rows with an entry below a bound.</summary>
    public static void CheckAtLeast<T>(in FeatureRows<T> x, double bound, bool strictly, string kernel, string name)
        where T : unmanaged, INumberBase<T>
    {
        using DenseRow<T> row = new(x.Columns);
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<T> values = x.IsSparse && bound <= 0 ? x.EntryValues(i) : row.Of(x, i);
            for (int j = 0; j < values.Length; j++)
            {
                double value = double.CreateChecked(values[j]);
                if (strictly ? value <= bound : value < bound)
                {
                    throw new ArgumentException(
                        $"{kernel} needs entries {(strictly ? "above" : "of at least")} {bound}; row {i} holds {values[j]}{(values.Length == x.Columns ? $" at [{i}, {j}]" : "")}.", name);
                }
            }
        }
    }
}

/// <summary>Rows one at a time as contiguous memory: in place where they are, else copied.</summary>
internal readonly ref struct DenseRow<T>(int columns)
    where T : unmanaged, INumberBase<T>
{
    private readonly Scratch<T> _copy = Workspace.Rent<T>(columns);

    public ReadOnlySpan<T> Of(in FeatureRows<T> x, int i)
    {
        if (!x.IsSparse && x.Dense.ColumnStride == 1)
        {
            return MemoryMarshal.CreateReadOnlySpan(in x.Dense[i, 0], x.Columns);
        }

        x.Slice(i, 1).CopyTo(new MatrixView<T>(_copy.Span, 1, x.Columns));
        return _copy.Span;
    }

    public void Dispose() => _copy.Dispose();
}

/// <summary>Parameters that several kernels share.</summary>
internal static class KernelParameter
{
    /// <summary>gamma, or 1/d where it is not given (scikit-learn's default).</summary>
    public static double Gamma(double? gamma, int columns) => gamma is { } given ? Hyperparameter.NotNegative(given, nameof(Gamma)) : 1.0 / columns;
}
