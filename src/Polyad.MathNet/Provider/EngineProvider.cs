using System.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Polyad.MathNet;

/// <summary>
/// Math.NET's provider contract for one real element type, written once over any engine. Arrays are column-major matrices and are seen through views; what the contract does
/// in place and an engine does not is factored out of a pooled copy. Input that is not finite passes through.
/// </summary>
/// <param name="engine">Does the work.</param>
/// <param name="own">Math.NET's managed provider, for the eigenvalues of matrices that are not symmetric.</param>
internal sealed partial class EngineProvider<T>(ILinearAlgebraBackend engine, ILinearAlgebraProvider<T> own) : ILinearAlgebraProvider<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly FactorizationOptions Unchecked = new() { CheckFinite = false };

    private static MatrixView<T> View(Span<T> data, int rows, int columns) => MatrixView<T>.FromColumnMajor(data, rows, columns);

    /// <summary>A result that Math.NET has just allocated.</summary>
    private static MatrixView<T> FreshView(T[] data, int rows, int columns)
    {
        FreshMemory.Populate<T>(data);
        return View(data, rows, columns);
    }

    private static ReadOnlyMatrixView<T> ReadOnlyView(ReadOnlySpan<T> data, int rows, int columns) => ReadOnlyMatrixView<T>.FromColumnMajor(data, rows, columns);

    private static double Cube(double order) => order * order * order;

    /// <summary>Solves with a triangle whose diagonal may hold zeros: Math.NET divides by them, and so does this; engines refuse them.</summary>
    private void SolveTriangle(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
    {
        if (unitDiagonal || !HasZeroOnDiagonal(a))
        {
            engine.TriangularSolve(triangle, unitDiagonal, a, b);
            return;
        }

        int n = a.Rows;
        for (int c = 0; c < b.Columns; c++)
        {
            for (int step = 0; step < n; step++)
            {
                int k = triangle == Triangle.Lower ? step : n - 1 - step;
                T x = b[k, c] / a[k, k];
                b[k, c] = x;
                (int from, int to) = triangle == Triangle.Lower ? (k + 1, n) : (0, k);
                for (int i = from; i < to; i++)
                {
                    b[i, c] -= x * a[i, k];
                }
            }
        }
    }

    private static bool HasZeroOnDiagonal(in ReadOnlyMatrixView<T> a)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            if (T.IsZero(a[i, i]))
            {
                return true;
            }
        }

        return false;
    }
}
