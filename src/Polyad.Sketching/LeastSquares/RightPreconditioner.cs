using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>N (n x p) for which the columns of A N are nearly orthonormal.</summary>
internal abstract class RightPreconditioner<T>(int rows, int columns)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>n.</summary>
    public int Rows => rows;

    /// <summary>p, the rank.</summary>
    public int Columns => columns;

    /// <summary>X = N Y.</summary>
    public abstract void Apply(in ReadOnlyMatrixView<T> y, in MatrixView<T> x, ILinearAlgebraBackend engine);

    /// <summary>Y = N^T X.</summary>
    public abstract void ApplyAdjoint(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend engine);

    /// <summary>From the sketch S A (d x n): the inverse of its triangle, or where that is nearly singular V S^-1 of its SVD, cut at the rank.</summary>
    public static RightPreconditioner<T> FromSketch(Tensor<T> sketch, ILinearAlgebraBackend engine)
    {
        int n = (int)sketch.Lengths[1];
        Tensor<T> r = FreshMemory.Zeros<T>([n, n]);
        engine.QrR(sketch.AsReadOnlyMatrix(), r.AsMatrix());
        double largest = 0, least = double.PositiveInfinity;
        for (int i = 0; i < n; i++)
        {
            double entry = OperatorProducts.Double(r[i, i]);
            (largest, least) = (Math.Max(largest, entry), Math.Min(least, entry));
        }

        double cut = n * LinearAlgebra.Epsilon<T>();
        if (least > 10 * cut * largest)
        {
            return new TriangularPreconditioner<T>(r);
        }

        SvdResult<T> svd = LinearAlgebra.Svd(r, backend: engine);
        int rank = 0;
        while (rank < n && OperatorProducts.Double(svd.S[rank]) > cut * OperatorProducts.Double(svd.S[0]))
        {
            rank++;
        }

        Tensor<T> inverse = svd.Vt.AsReadOnlyMatrix().Slice(0, 0, rank, n).Transpose.ToTensor();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < rank; j++)
            {
                inverse[i, j] /= svd.S[j];
            }
        }

        return new MatrixPreconditioner<T>(inverse);
    }
}

/// <summary>The inverse of an upper triangle.</summary>
internal sealed class TriangularPreconditioner<T>(Tensor<T> r) : RightPreconditioner<T>((int)r.Lengths[0], (int)r.Lengths[0])
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The triangle whose inverse N is.</summary>
    public Tensor<T> R => r;

    /// <summary>The lengths of the rows of N.</summary>
    public double[] RowNorms(ILinearAlgebraBackend engine)
    {
        int n = Rows;
        Tensor<T> inverse = LinearAlgebra.Identity<T>(n);
        engine.TriangularSolve(Triangle.Upper, false, r.AsReadOnlyMatrix(), inverse.AsMatrix());
        return [.. Enumerable.Range(0, n).Select(i => LinearAlgebra.FrobeniusNorm(inverse.AsReadOnlyMatrix().Slice(i, 0, 1, n)))];
    }

    public override void Apply(in ReadOnlyMatrixView<T> y, in MatrixView<T> x, ILinearAlgebraBackend engine)
    {
        y.CopyTo(x);
        engine.TriangularSolve(Triangle.Upper, false, r.AsReadOnlyMatrix(), x);
    }

    public override void ApplyAdjoint(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend engine)
    {
        x.CopyTo(y);
        engine.TriangularSolve(Triangle.Lower, false, r.AsReadOnlyMatrix().Transpose, y);
    }
}

/// <summary>A matrix written out.</summary>
internal sealed class MatrixPreconditioner<T>(Tensor<T> inverse) : RightPreconditioner<T>((int)inverse.Lengths[0], (int)inverse.Lengths[1])
    where T : unmanaged, INumberBase<T>
{
    public override void Apply(in ReadOnlyMatrixView<T> y, in MatrixView<T> x, ILinearAlgebraBackend engine) => engine.MatMul(T.One, inverse.AsReadOnlyMatrix(), y, T.Zero, x);

    public override void ApplyAdjoint(in ReadOnlyMatrixView<T> x, in MatrixView<T> y, ILinearAlgebraBackend engine)
        => engine.MatMul(T.One, inverse.AsReadOnlyMatrix().Transpose, x, T.Zero, y);
}
