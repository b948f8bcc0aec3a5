using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>A kernel with its second argument at hand: dense, and centred where that saves digits. It does not change, so threads may share it.</summary>
internal sealed unsafe class PreparedKernel<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Rows of x at a time: enough that a product over them runs at speed, few enough that its result is still in the cache when the kernel function is applied.</summary>
    private const int Batch = 256;

    private readonly Kernel _kernel;
    private readonly Tensor<T> _y;
    private readonly T[]? _shift;

    public PreparedKernel(Kernel kernel, in FeatureRows<T> y)
    {
        kernel.Check(y, nameof(y));
        _kernel = kernel;
        _y = FreshMemory.Uninitialized<T>([y.Rows, y.Columns]);
        y.CopyTo(_y.AsMatrix());
        if (kernel.IsTranslationInvariant && !y.IsSparse)
        {
            _shift = CommonShift();
            Subtract(_y.AsMatrix());
        }
    }

    public int Count => (int)_y.Lengths[0];

    /// <summary>k(x_i, y_j): n x m.</summary>
    public void Fill(in FeatureRows<T> x, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        _kernel.Check(x, nameof(x));
        for (int first = 0; first < x.Rows; first += Batch)
        {
            int rows = Math.Min(Batch, x.Rows - first);
            FillBatch(x.Slice(first, rows), _y.AsReadOnlyMatrix(), k.Slice(first, 0, rows, k.Columns), backend);
        }

        CheckRange(k);
    }

    /// <summary>k(y_i, y_j): m x m. The lower triangle is computed and mirrored.</summary>
    public void Symmetric(in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        ReadOnlyMatrixView<T> y = _y.AsReadOnlyMatrix();
        for (int first = 0; first < y.Rows; first += Batch)
        {
            int rows = Math.Min(Batch, y.Rows - first);
            MatrixView<T> strip = k.Slice(first, 0, rows, first + rows);
            _kernel.Fill(new FeatureRows<T>(y.Slice(first, 0, rows, y.Columns)), y.Slice(0, 0, first + rows, y.Columns), strip, backend);
            ((ReadOnlyMatrixView<T>)strip.Slice(0, 0, rows, first)).CopyTo(k.Slice(0, first, first, rows).Transpose);
        }

        T[] diagonal = new T[y.Rows];
        _kernel.FillDiagonal(new FeatureRows<T>(y), diagonal);
        for (int i = 0; i < y.Rows; i++)
        {
            k[i, i] = diagonal[i];

            // Inside a strip both triangles were computed; engines may round them differently.
            for (int j = i / Batch * Batch; j < i; j++)
            {
                k[j, i] = k[i, j];
            }
        }

        CheckRange(k);
    }

    private void FillBatch(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        if (_shift is null)
        {
            _kernel.Fill(x, y, k, backend);
            return;
        }

        using Scratch<T> scratch = Workspace.Rent<T>((nint)x.Rows * x.Columns);
        MatrixView<T> centred = MatrixBlock<T>.RowMajor(scratch.Pointer, x.Rows, x.Columns).AsView();
        x.CopyTo(centred);
        Subtract(centred);
        _kernel.Fill(new FeatureRows<T>((ReadOnlyMatrixView<T>)centred), y, k, backend);
    }

    /// <summary>The mean row where it holds more than half of the squares, so that differences of inner products would lose digits; else null.</summary>
    private T[]? CommonShift()
    {
        ColumnMoments moments = ColumnMoments.Of<T>(new FeatureRows<T>(_y.AsReadOnlyMatrix()));
        double common = moments.Count * TensorPrimitives.SumOfSquares<double>(moments.Mean), spread = TensorPrimitives.Sum<double>(moments.SquareSum);
        return common > spread && double.IsFinite(common) ? [.. moments.Mean.Select(T.CreateSaturating)] : null;
    }

    private void Subtract(in MatrixView<T> rows)
    {
        if (_shift is { } shift)
        {
            FeatureMatrix.ForEachRow(rows, 0.1, (_, row) => TensorPrimitives.Subtract(row, shift, row));
        }
    }

    private static void CheckRange(in MatrixView<T> k)
    {
        if (!FiniteCheck.All((ReadOnlyMatrixView<T>)k, out int row, out int column))
        {
            throw new OverflowException($"The kernel of row {row} and row {column} leaves the range of {typeof(T).Name}: scale the rows down.");
        }
    }
}
