using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A kernel function of two rows.</summary>
/// <param name="x">d numbers.</param>
/// <param name="y">d numbers.</param>
public delegate double KernelFunction(ReadOnlySpan<double> x, ReadOnlySpan<double> y);

/// <summary>A kernel by code of the user, called once for every pair of rows, from several threads at once. It cannot be saved.</summary>
/// <param name="Function">A symmetric, positive semidefinite function.</param>
public sealed record FunctionKernel(KernelFunction Function) : Kernel
{
    /// <inheritdoc/>
    protected internal override void Check<T>(in FeatureRows<T> x, string name) => ArgumentNullException.ThrowIfNull(Function);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend) => PairwiseFunction.Fill(x, y, k, Function);

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => PairwiseFunction.FillDiagonal(x, diagonal, Function);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
        => throw new NotSupportedException("A kernel that is a function of the user has no file form.");
}

/// <summary>Pairs of rows given to a function, in double precision.</summary>
internal static class PairwiseFunction
{
    public static void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, KernelFunction function)
        where T : unmanaged, INumberBase<T>
    {
        int d = x.Columns;
        double[] left = Doubles(x), right = Doubles(new FeatureRows<T>(y));
        FeatureMatrix.ForEachRow(k, 2.0 * d, (i, row) =>
        {
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = T.CreateSaturating(function(left.AsSpan(i * d, d), right.AsSpan(j * d, d)));
            }
        });
    }

    public static void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal, KernelFunction function)
        where T : unmanaged, INumberBase<T>
    {
        double[] rows = Doubles(x);
        int d = x.Columns;
        for (int i = 0; i < diagonal.Length; i++)
        {
            diagonal[i] = T.CreateSaturating(function(rows.AsSpan(i * d, d), rows.AsSpan(i * d, d)));
        }
    }

    private static double[] Doubles<T>(in FeatureRows<T> x)
        where T : unmanaged, INumberBase<T>
    {
        double[] all = new double[checked(x.Rows * x.Columns)];
        using DenseRow<T> row = new(x.Columns);
        for (int i = 0; i < x.Rows; i++)
        {
            TensorPrimitives.ConvertChecked<T, double>(row.Of(x, i), all.AsSpan(i * x.Columns, x.Columns));
        }

        return all;
    }
}
