using System.Numerics;
using Polyad.Managed;
using static TorchSharp.torch;

namespace Polyad.Torch;

public sealed unsafe partial class TorchBackend
{
    /// <inheritdoc/>
    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        fixed (T* pa = a)
        fixed (T* pb = b)
        fixed (T* pc = c)
        {
            using TorchCall call = Begin(2.0 * a.Rows * a.Columns * b.Columns);
            Multiply(call, alpha, call.Input(Pinned.Block(a, pa)), call.Input(Pinned.Block(b, pb)), beta, Pinned.Block(c, pc));
        }
    }

    /// <inheritdoc/>
    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
    {
        fixed (T* pa = a)
        fixed (T* pc = c)
        {
            MatrixBlock<T> target = Pinned.Block(c, pc);
            using (TorchCall call = Begin(2.0 * a.Rows * a.Rows * a.Columns))
            {
                Tensor x = call.Input(Pinned.Block(a, pa));
                Multiply(call, alpha, x, x.t(), beta, target);
            }

            // A product rounds its two triangles apart, and what C held above its diagonal does not count.
            SymmetricCopy.LowerToUpper(target);
        }
    }

    /// <inheritdoc/>
    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
    {
        fixed (T* pa = a)
        fixed (T* pb = b)
        {
            using TorchCall call = Begin((double)a.Rows * a.Rows * b.Columns);
            MatrixBlock<T> target = Pinned.Block(b, pb);
            Tensor matrix = call.Input(Pinned.Block(a, pa));
            if (call.InPlace && IsDense(target))
            {
                Tensor right = call.Lend(target);
                linalg.solve_triangular(matrix, right, triangle == Triangle.Upper, left: true, unitDiagonal, right);
                return;
            }

            call.Output(linalg.solve_triangular(matrix, call.Input(target), triangle == Triangle.Upper, left: true, unitDiagonal), target);
        }
    }

    private static bool IsDense<T>(in MatrixBlock<T> a)
        where T : unmanaged
        => (a.ColumnStride == 1 && a.RowStride == a.Columns) || (a.RowStride == 1 && a.ColumnStride == a.Rows);

    private static void Multiply<T>(in TorchCall call, T alpha, Tensor a, Tensor b, T beta, in MatrixBlock<T> c)
        where T : unmanaged, INumberBase<T>
    {
        double scale = double.CreateTruncating(alpha), keep = double.CreateTruncating(beta);

        // TorchSharp's addmm takes its scales as floats.
        if (call.InPlace && c.RowStride >= 0 && c.ColumnStride >= 0 && (float)scale == scale && (float)keep == keep)
        {
            call.Lend(c).addmm_(a, b, (float)keep, (float)scale);
            return;
        }

        // A scalar of TorchSharp that nothing holds can be finalized while the native call still reads it.
        Tensor product = a.mm(b);
        if (scale != 1)
        {
            using TorchSharp.Scalar factor = scale;
            product.mul_(factor);
        }

        if (keep != 0)
        {
            using TorchSharp.Scalar factor = keep;
            product.add_(call.Input(c), factor);
        }

        call.Output(product, c);
    }
}
