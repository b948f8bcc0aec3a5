using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Products that randomized algorithms are made of.</summary>
internal static unsafe class OperatorProducts
{
    /// <summary>A S^T, m x D: the sketch of the rows of A, scaled to an isometry in the mean unless told otherwise.</summary>
    public static Tensor<T> SketchRows<T>(this LinearOperator<T> a, SketchOperator<T> s, ILinearAlgebraBackend engine, double? scale = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> y = FreshMemory.Zeros<T>([a.Rows, s.Rows]);
        SketchRows(a, s, T.CreateTruncating(scale ?? s.IsometryScale), y.AsMatrix(), engine);
        return y;
    }

    /// <summary>Y = A S^T, scaled to an isometry in the mean.</summary>
    public static void SketchRows<T>(this LinearOperator<T> a, SketchOperator<T> s, in MatrixView<T> y, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
        => SketchRows(a, s, T.CreateTruncating(s.IsometryScale), y, engine);

    /// <summary>S A, D x n: the sketch of the columns of A, scaled to an isometry in the mean unless told otherwise.</summary>
    public static Tensor<T> SketchColumns<T>(this LinearOperator<T> a, SketchOperator<T> s, ILinearAlgebraBackend engine, double? scale = null)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> y = FreshMemory.Zeros<T>([s.Rows, a.Columns]);
        SketchRows(a.Adjoint, s, T.CreateTruncating(scale ?? s.IsometryScale), y.AsMatrix().Transpose, engine);
        return y;
    }

    /// <summary>An orthonormal basis of the span of the columns.</summary>
    public static Tensor<T> Orthonormal<T>(this Tensor<T> y, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
        => LinearAlgebra.Qr(y.AsReadOnlyMatrix(), engine).Q;

    /// <summary>Y -= Q (Q^T Y).</summary>
    public static void ProjectOut<T>(in MatrixView<T> y, in ReadOnlyMatrixView<T> q, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
        => Deflate(y, q, q, y, engine);

    /// <summary>Z -= B (Q^T Y).</summary>
    public static void Deflate<T>(in MatrixView<T> z, in ReadOnlyMatrixView<T> b, in ReadOnlyMatrixView<T> q, in ReadOnlyMatrixView<T> y, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        if (q.Columns > 0)
        {
            using Scratch<T> block = Workspace.Rent<T>((nint)q.Columns * y.Columns);
            MatrixView<T> inside = new(block.Span, q.Columns, y.Columns);
            engine.MatMul(T.One, q.Transpose, y, T.Zero, inside);
            engine.MatMul(-T.One, b, inside, T.One, z);
        }
    }

    /// <summary>A larger matrix with A in its first rows and columns, zero elsewhere.</summary>
    public static Tensor<T> Enlarged<T>(this Tensor<T> a, int rows, int columns)
        where T : unmanaged
    {
        Tensor<T> larger = FreshMemory.Zeros<T>([rows, columns]);
        ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
        view.CopyTo(larger.AsMatrix().Slice(0, 0, view.Rows, view.Columns));
        return larger;
    }

    /// <summary>The first columns of a matrix.</summary>
    public static Tensor<T> FirstColumns<T>(this Tensor<T> a, int count)
        where T : unmanaged
        => a.Lengths[1] == count ? a : a.AsReadOnlyMatrix().Slice(0, 0, (int)a.Lengths[0], count).ToTensor();

    /// <summary>Chosen columns of a matrix.</summary>
    public static Tensor<T> TakeColumns<T>(this Tensor<T> a, ReadOnlySpan<int> columns)
        where T : unmanaged
    {
        ReadOnlyMatrixView<T> view = a.AsReadOnlyMatrix();
        Tensor<T> taken = FreshMemory.Uninitialized<T>([view.Rows, columns.Length]);
        fixed (T* from = view, to = LinearAlgebra.Elements(taken))
        {
            T* target = to;
            for (int i = 0; i < view.Rows; i++)
            {
                T* row = from + (i * view.RowStride);
                foreach (int column in columns)
                {
                    *target++ = row[column * view.ColumnStride];
                }
            }
        }

        return taken;
    }

    /// <summary>Chosen columns of a matrix that is known by its products: A times these columns of the identity.</summary>
    public static Tensor<T> TakeColumns<T>(this LinearOperator<T> a, ReadOnlySpan<int> columns, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> chosen = FreshMemory.Zeros<T>([a.Columns, columns.Length]);
        Span<T> elements = LinearAlgebra.Elements(chosen);
        for (int j = 0; j < columns.Length; j++)
        {
            elements[(columns[j] * columns.Length) + j] = T.One;
        }

        return a.Apply(chosen, engine);
    }

    /// <summary>A vector of the first elements.</summary>
    public static Tensor<T> FirstElements<T>(this Tensor<T> a, int count)
        where T : unmanaged
        => Tensor.Create(LinearAlgebra.Elements(a)[..count].ToArray(), [count]);

    public static double Double<T>(T value)
        where T : unmanaged, INumberBase<T>
        => double.CreateSaturating(value);

    /// <summary>The sum of squares of some numbers, in double.</summary>
    public static double SquareSum<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumberBase<T>
    {
        double sum = 0;
        foreach (T value in values)
        {
            double v = Double(value);
            sum += v * v;
        }

        return sum;
    }

    /// <summary>Y = factor A S^T. A sketch of a matrix in memory takes its own product; code of the user multiplies S^T written out.</summary>
    private static void SketchRows<T>(LinearOperator<T> a, SketchOperator<T> s, T factor, in MatrixView<T> y, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        switch (a)
        {
            case DenseOperator<T> dense:
                s.ApplyRightAdjoint(factor, dense.View, T.Zero, y, engine);
                break;
            case SparseOperator<T> sparse:
                s.ApplyRightAdjoint(factor, sparse.Matrix, T.Zero, y);
                break;
            case AdjointOperator<T> { Inner: SparseOperator<T> sparse }:
                s.Apply(factor, sparse.Matrix, T.Zero, y.Transpose);
                break;
            default:
                using (Scratch<T> block = Workspace.Rent<T>((nint)s.Rows * s.Columns))
                {
                    MatrixView<T> written = new(block.Span, s.Rows, s.Columns);
                    s.Fill(0, 0, written);
                    TensorPrimitives.Multiply(block.Span, factor, block.Span);
                    a.ApplyCore(written.Transpose, y, engine);
                }

                break;
        }
    }
}
