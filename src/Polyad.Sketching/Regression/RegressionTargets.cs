using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Targets of rows.</summary>
internal static class RegressionTargets
{
    /// <summary>Rows and targets that fit each other: the targets as a matrix.</summary>
    public static ReadOnlyMatrixView<T> Checked<T>(in FeatureRows<T> x, Tensor<T> y)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(y);
        x.Check(nameof(x));
        if (y.Rank is not (1 or 2) || y.Lengths[0] != x.Rows || y.FlattenedLength == 0)
        {
            throw new ArgumentException($"{x.Rows} rows need {x.Rows} targets, or a matrix of {x.Rows} x k; given a tensor of shape [{string.Join(", ", y.Lengths.ToArray())}].", nameof(y));
        }

        ReadOnlyMatrixView<T> targets = y.Rank == 2 ? y.AsReadOnlyMatrix() : new ReadOnlyMatrixView<T>(ref LinearAlgebra.First(y), x.Rows, 1, y.Strides[0], 1);
        return FiniteCheck.All(targets, out int row, out int column)
            ? targets
            : throw new NonFiniteInputException($"The targets hold {targets[row, column]} at [{row}, {column}].", nameof(y));
    }

    /// <summary>The mean over the columns of 1 - |y - p|^2 / |y - mean|^2; a column that does not vary counts 1 where it is met and 0 where not.</summary>
    public static double Determination<T>(in ReadOnlyMatrixView<T> predicted, in ReadOnlyMatrixView<T> y)
        where T : unmanaged, INumberBase<T>
    {
        if (predicted.Columns != y.Columns)
        {
            throw new ArgumentException($"The model predicts {predicted.Columns} targets; given {y.Columns}.", nameof(y));
        }

        double sum = 0;
        for (int j = 0; j < y.Columns; j++)
        {
            double mean = 0, residual = 0, spread = 0;
            for (int i = 0; i < y.Rows; i++)
            {
                mean += double.CreateChecked(y[i, j]) / y.Rows;
            }

            for (int i = 0; i < y.Rows; i++)
            {
                double value = double.CreateChecked(y[i, j]), error = value - double.CreateChecked(predicted[i, j]);
                residual += error * error;
                spread += (value - mean) * (value - mean);
            }

            sum += spread > 0 ? 1 - (residual / spread) : residual > 0 ? 0 : 1;
        }

        return sum / y.Columns;
    }
}
