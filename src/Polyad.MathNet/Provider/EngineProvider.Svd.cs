using System.Numerics.Tensors;

namespace Polyad.MathNet;

/// <content>Singular values descend. The contract's U is m x m and its Vt n x n always; solving needs thin ones alone.</content>
internal sealed partial class EngineProvider<T>
{
    public void SingularValueDecomposition(bool computeVectors, T[] a, int rowsA, int columnsA, T[] s, T[] u, T[] vt)
    {
        ProviderArguments.Matrix(a, rowsA, columnsA, nameof(a));
        CheckFactors(rowsA, columnsA, s, u, vt);
        using ThreadLimit threads = ThreadLimit.FromControl(Cube(Math.Max(rowsA, columnsA)));
        try
        {
            if (computeVectors)
            {
                engine.Svd(ReadOnlyView(a, rowsA, columnsA), FreshView(u, rowsA, rowsA), s, FreshView(vt, columnsA, columnsA), Unchecked);
            }
            else
            {
                engine.SingularValues(ReadOnlyView(a, rowsA, columnsA), s, Unchecked);
            }
        }
        catch (NonConvergenceException) when (!AllFinite(a))
        {
            // Engines may refuse what the contract lets pass.
            Array.Fill(s, T.NaN);
            if (computeVectors)
            {
                Array.Fill(u, T.NaN);
                Array.Fill(vt, T.NaN);
            }
        }
        catch (NonConvergenceException e)
        {
            throw new global::MathNet.Numerics.NonConvergenceException(e.Message, e);
        }
    }

    public void SvdSolve(T[] a, int rowsA, int columnsA, T[] b, int columnsB, T[] x)
    {
        ProviderArguments.Matrix(a, rowsA, columnsA, nameof(a));
        ProviderArguments.Matrix(b, rowsA, columnsB, nameof(b));
        ProviderArguments.Matrix(x, columnsA, columnsB, nameof(x));
        int k = Math.Min(rowsA, columnsA);
        using Rented<T> u = new((long)rowsA * k), s = new(k), vt = new((long)k * columnsA);
        using ThreadLimit threads = ThreadLimit.FromControl(Cube(Math.Max(rowsA, columnsA)));
        try
        {
            engine.Svd(ReadOnlyView(a, rowsA, columnsA), View(u.Span, rowsA, k), s.Span, View(vt.Span, k, columnsA), Unchecked);
        }
        catch (NonConvergenceException) when (!AllFinite(a))
        {
            Array.Fill(x, T.NaN);
            return;
        }
        catch (NonConvergenceException e)
        {
            throw new global::MathNet.Numerics.NonConvergenceException(e.Message, e);
        }

        PseudoSolve(ReadOnlyView(u.Span, rowsA, k), s.Span, ReadOnlyView(vt.Span, k, columnsA), b, columnsB, x);
    }

    public void SvdSolveFactored(int rowsA, int columnsA, T[] s, T[] u, T[] vt, T[] b, int columnsB, T[] x)
    {
        CheckFactors(rowsA, columnsA, s, u, vt);
        ProviderArguments.Matrix(b, rowsA, columnsB, nameof(b));
        ProviderArguments.Matrix(x, columnsA, columnsB, nameof(x));
        int k = Math.Min(rowsA, columnsA);
        using ThreadLimit threads = ThreadLimit.FromControl(2.0 * b.Length * (rowsA + columnsA));
        PseudoSolve(ReadOnlyView(u, rowsA, rowsA).Slice(0, 0, rowsA, k), s, ReadOnlyView(vt, columnsA, columnsA).Slice(0, 0, k, columnsA), b, columnsB, x);
    }

    /// <summary>x = V diag(1/s) U^T b, dividing by every singular value as Math.NET does, a zero included.</summary>
    private void PseudoSolve(in ReadOnlyMatrixView<T> u, ReadOnlySpan<T> s, in ReadOnlyMatrixView<T> vt, T[] b, int columnsB, T[] x)
    {
        using Rented<T> scratch = new((long)s.Length * columnsB);
        MatrixView<T> coordinates = View(scratch.Span, s.Length, columnsB);
        engine.MatMul(T.One, u.Transpose, ReadOnlyView(b, u.Rows, columnsB), T.Zero, coordinates);
        for (int j = 0; j < columnsB; j++)
        {
            Span<T> column = scratch.Span.Slice(j * s.Length, s.Length);
            TensorPrimitives.Divide(column, s, column);
        }

        engine.MatMul(T.One, vt.Transpose, coordinates, T.Zero, View(x, vt.Columns, columnsB));
    }

    private static void CheckFactors(int rows, int columns, T[] s, T[] u, T[] vt)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(u);
        ArgumentNullException.ThrowIfNull(vt);
        ProviderArguments.Matrix(u, rows, rows, nameof(u));
        ProviderArguments.Matrix(vt, columns, columns, nameof(vt));
        ProviderArguments.Length(s, Math.Min(rows, columns), nameof(s));
    }
}
