using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// What ridge regression needs of features Z and targets Y, gathered part by part in double precision: Z'Z, Z'Y, their sums, Y'Y and the number of rows. Adding rows makes a new value.
/// </summary>
internal sealed record RidgeMoments(double Count, Tensor<double> Gram, Tensor<double> Cross, double[] FeatureSums, double[] TargetSums)
{
    /// <summary>Rows whose features exist at one time: enough that the D x D sum is not the larger part of the memory traffic.</summary>
    private const int Batch = 2048;

    /// <summary>The moments of no rows.</summary>
    public static RidgeMoments Empty(int features, int targets)
        => new(0, FreshMemory.Zeros<double>([features, features]), FreshMemory.Zeros<double>([features, targets]), new double[features], new double[targets]);

    /// <summary>The moments with more rows.</summary>
    public unsafe RidgeMoments Add<T>(FeatureState<T> state, in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        RidgeMoments sum = new(Count + x.Rows, Copy(Gram), Copy(Cross), [.. FeatureSums], [.. TargetSums]);
        int d = state.OutputDimension;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)Math.Min(Batch, x.Rows) * d);
        for (int first = 0; first < x.Rows; first += Batch)
        {
            context.Report(first, x.Rows);
            int rows = Math.Min(Batch, x.Rows - first);
            MatrixView<T> z = MatrixBlock<T>.RowMajor(scratch.Pointer, rows, d).AsView();
            FeatureMap<T>.Transform(state, x.Slice(first, rows), z, context.Backend, null, context.CancellationToken);
            Accumulate((ReadOnlyMatrixView<T>)z, y.Slice(first, 0, rows, y.Columns), sum, context.Backend);
        }

        context.Report(x.Rows, x.Rows);
        return sum;
    }

    private static void Accumulate<T>(in ReadOnlyMatrixView<T> z, in ReadOnlyMatrixView<T> y, RidgeMoments sum, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        AddProduct(z, z, sum.Gram, backend);
        AddProduct(z, y, sum.Cross, backend);
        AddSums(z, sum.FeatureSums);
        AddSums(y, sum.TargetSums);
    }

    /// <summary>sum += A'B. Doubles go into the sum at once; products of floats are added to it in double.</summary>
    private static void AddProduct<T>(in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, Tensor<double> sum, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        bool gram = a.Columns == b.Columns && Overlap.Exists(a, b);
        if (sum is Tensor<T> same)
        {
            if (gram)
            {
                backend.Gram(T.One, a.Transpose, T.One, same.AsMatrix());
            }
            else
            {
                backend.MatMul(T.One, a.Transpose, b, T.One, same.AsMatrix());
            }

            return;
        }

        Tensor<T> part = FreshMemory.Uninitialized<T>(sum.Lengths);
        if (gram)
        {
            backend.Gram(T.One, a.Transpose, T.Zero, part.AsMatrix());
        }
        else
        {
            backend.MatMul(T.One, a.Transpose, b, T.Zero, part.AsMatrix());
        }

        Span<double> total = LinearAlgebra.Elements(sum);
        TensorPrimitives.Add<double>(total, LinearAlgebra.Elements(ElementMath.ToDouble(part)), total);
    }

    private static void AddSums<T>(in ReadOnlyMatrixView<T> rows, double[] sums)
        where T : unmanaged, INumberBase<T>
    {
        using DenseRow<T> row = new(rows.Columns);
        double[] wide = new double[rows.Columns];
        FeatureRows<T> x = new(rows);
        for (int i = 0; i < x.Rows; i++)
        {
            TensorPrimitives.ConvertChecked<T, double>(row.Of(x, i), wide);
            TensorPrimitives.Add(sums, wide, sums);
        }
    }

    private static Tensor<double> Copy(Tensor<double> x) => x.AsReadOnlyMatrix().ToTensor();
}
