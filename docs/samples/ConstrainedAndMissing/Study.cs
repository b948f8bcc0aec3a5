using System.Diagnostics;
using System.Numerics.Tensors;
using Polyad.Decomposition;

namespace ConstrainedAndMissing;

/// <summary>One mode of a model, ready to be drawn.</summary>
/// <param name="Title">What the mode is.</param>
/// <param name="X">Where its items stand; null for 0, 1, ..</param>
/// <param name="Lines">For each component its column, scaled to a largest entry of 1.</param>
public sealed record Panel(string Title, double[]? X, IReadOnlyList<double[]> Lines);

/// <summary>A data set, what a model found in it, and the model's components.</summary>
/// <param name="Name">Of the plot's file.</param>
/// <param name="Title">The data and the model.</param>
/// <param name="Explained">The share of the squares (of what was seen) that it explains.</param>
/// <param name="Seconds">The best time of a fit.</param>
/// <param name="Findings">Measured, one a line.</param>
/// <param name="Panels">One for each mode.</param>
/// <param name="Components">Their names.</param>
public sealed record Study(string Name, string Title, double Explained, double Seconds, IReadOnlyList<string> Findings, IReadOnlyList<Panel> Panels, IReadOnlyList<string> Components)
{
    /// <summary>The seconds of a fit: the first, in which the code is compiled, and the best of some after it.</summary>
    public static (double First, double Best, T Result) Timed<T>(int rounds, Func<T> fit)
    {
        long start = Stopwatch.GetTimestamp();
        T result = fit();
        double first = Stopwatch.GetElapsedTime(start).TotalSeconds, best = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            start = Stopwatch.GetTimestamp();
            fit();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (first, best, result);
    }

    /// <summary>A mode of a model; each column with its largest entry at 1.</summary>
    public static Panel Mode(string title, Tensor<double> factor, double[]? x = null)
    {
        List<double[]> lines = [];
        for (int r = 0; r < factor.Lengths[1]; r++)
        {
            double[] column = Column(factor, r);
            double largest = column.MaxBy(Math.Abs);
            lines.Add([.. column.Select(v => largest == 0 ? 0 : v / largest)]);
        }

        return new Panel(title, x, lines);
    }

    /// <summary>A column.</summary>
    public static double[] Column(Tensor<double> factor, int r) => [.. Enumerable.Range(0, (int)factor.Lengths[0]).Select(i => factor[i, r])];

    /// <summary>The largest |Pearson correlation| of any column with these values, and the column.</summary>
    public static (double Correlation, int Column) BestCorrelation(Tensor<double> factor, double[] values)
        => Enumerable.Range(0, (int)factor.Lengths[1]).Select(r => (Math.Abs(Correlation(Column(factor, r), values)), r)).Max();

    private static double Correlation(double[] a, double[] b)
    {
        double x = a.Average(), y = b.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (ab, aa, bb) = (ab + ((a[i] - x) * (b[i] - y)), aa + ((a[i] - x) * (a[i] - x)), bb + ((b[i] - y) * (b[i] - y)));
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
