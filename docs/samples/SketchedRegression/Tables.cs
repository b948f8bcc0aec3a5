using System.Numerics.Tensors;
using Polyad;

namespace SketchedRegression;

/// <summary>Rows and targets.</summary>
public static class Tables
{
    /// <summary>Friedman's first problem (1991): ten uniform numbers, of which five matter, and normal noise of variance 1.</summary>
    public static (Tensor<double> X, Tensor<double> Y) Friedman(int rows, ulong seed)
    {
        Tensor<double> x = new CounterRandom(seed).Uniform<double>(rows, 10), noise = new CounterRandom(seed, 1).Normal<double>(rows);
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            y[i] = (10 * Math.Sin(Math.PI * x[i, 0] * x[i, 1])) + (20 * Math.Pow(x[i, 2] - 0.5, 2)) + (10 * x[i, 3]) + (5 * x[i, 4]) + noise[i];
        }

        return (x, Tensor.Create(y, [rows]));
    }

    /// <summary>The last column apart from the others.</summary>
    public static (Tensor<double> X, Tensor<double> Y) Split(Tensor<double> table)
    {
        int rows = (int)table.Lengths[0], columns = (int)table.Lengths[1];
        return (table.AsReadOnlyMatrix().Slice(0, 0, rows, columns - 1).ToTensor(), Tensor.Create(table.AsReadOnlyMatrix().Slice(0, columns - 1, rows, 1).ToTensor().ToArray(), [rows]));
    }

    /// <summary>Three quarters of the rows, and the rest.</summary>
    public static (Tensor<double> Train, Tensor<double> Test) Parts(Tensor<double> table)
    {
        int rows = (int)table.Lengths[0], width = (int)(table.FlattenedLength / rows), cut = rows * 3 / 4;
        double[] numbers = table.ToArray();
        return (Part(numbers[..(cut * width)], cut), Part(numbers[(cut * width)..], rows - cut));

        Tensor<double> Part(double[] part, int count) => Tensor.Create(part, table.Rank == 1 ? [count] : [count, width]);
    }

    /// <summary>R2: 1 - squares of the residuals / squares about the mean.</summary>
    public static double Determination(Tensor<double> predicted, Tensor<double> truth)
    {
        double mean = Tensor.Average<double>(truth), residual = 0, spread = 0;
        for (int i = 0; i < truth.FlattenedLength; i++)
        {
            residual += Math.Pow(predicted[i] - truth[i], 2);
            spread += Math.Pow(truth[i] - mean, 2);
        }

        return 1 - (residual / spread);
    }
}
