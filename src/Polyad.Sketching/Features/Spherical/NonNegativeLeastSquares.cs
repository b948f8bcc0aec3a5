using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>min |A x - b| over x of at least 0 by the active-set method of Lawson and Hanson (1974).</summary>
internal static class NonNegativeLeastSquares
{
    /// <summary>Solves it.</summary>
    /// <param name="a">m x n.</param>
    /// <param name="b">m numbers.</param>
    public static double[] Solve(Tensor<double> a, double[] b)
    {
        int n = (int)a.Lengths[1];
        ReadOnlyMatrixView<double> matrix = a.AsReadOnlyMatrix();
        bool[] free = new bool[n];
        double[] x = new double[n], gradient = new double[n];
        double tolerance = 1e-12 * b.Max(Math.Abs) * n;
        for (int round = 0; round < 3 * n; round++)
        {
            Gradient(matrix, x, b, gradient);
            int enter = -1;
            for (int j = 0; j < n; j++)
            {
                if (!free[j] && gradient[j] > tolerance && (enter < 0 || gradient[j] > gradient[enter]))
                {
                    enter = j;
                }
            }

            if (enter < 0)
            {
                break;
            }

            free[enter] = true;
            double[] trial = OnFree(matrix, b, free);
            if (trial[enter] <= 0)
            {
                // Rounding: the column adds nothing.
                free[enter] = false;
                break;
            }

            while (Enumerable.Range(0, n).Any(j => free[j] && trial[j] <= 0))
            {
                double step = Enumerable.Range(0, n).Where(j => free[j] && trial[j] <= 0).Min(j => x[j] / (x[j] - trial[j]));
                for (int j = 0; j < n; j++)
                {
                    x[j] += step * (trial[j] - x[j]);
                    if (free[j] && (x[j] <= 0 || (trial[j] <= 0 && x[j] < 1e-300)))
                    {
                        (free[j], x[j]) = (false, 0);
                    }
                }

                trial = OnFree(matrix, b, free);
            }

            trial.CopyTo(x, 0);
        }

        return x;
    }

    /// <summary>A'(b - A x)</summary>
    private static void Gradient(in ReadOnlyMatrixView<double> a, double[] x, double[] b, double[] gradient)
    {
        Array.Clear(gradient);
        for (int i = 0; i < a.Rows; i++)
        {
            double residual = b[i];
            for (int j = 0; j < a.Columns; j++)
            {
                residual -= a[i, j] * x[j];
            }

            for (int j = 0; j < a.Columns; j++)
            {
                gradient[j] += a[i, j] * residual;
            }
        }
    }

    /// <summary>The least-squares solution with the other unknowns at 0.</summary>
    private static double[] OnFree(in ReadOnlyMatrixView<double> a, double[] b, bool[] free)
    {
        int[] columns = [.. Enumerable.Range(0, free.Length).Where(j => free[j])];
        double[] all = new double[free.Length];
        if (columns.Length == 0)
        {
            return all;
        }

        Tensor<double> part = FreshMemory.Zeros<double>([a.Rows, columns.Length]);
        MatrixView<double> target = part.AsMatrix();
        for (int i = 0; i < a.Rows; i++)
        {
            for (int k = 0; k < columns.Length; k++)
            {
                target[i, k] = a[i, columns[k]];
            }
        }

        ReadOnlySpan<double> solution = LinearAlgebra.Elements(LinearAlgebra.LeastSquares(part, Tensor.Create(b, [b.Length])).Solution);
        for (int k = 0; k < columns.Length; k++)
        {
            all[columns[k]] = solution[k];
        }

        return all;
    }
}
