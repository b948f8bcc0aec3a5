using System.Numerics;

namespace Polyad.Conformance;

/// <summary>A row-major matrix of doubles in which references are computed; inputs of a float test are rounded to float first, so both sides see the same numbers.</summary>
internal sealed class Dense(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public double[] Data { get; } = new double[rows * columns];

    public double this[int i, int j]
    {
        get => Data[(i * Columns) + j];
        set => Data[(i * Columns) + j] = value;
    }

    public Span<double> Row(int i) => Data.AsSpan(i * Columns, Columns);

    public static Dense From(int rows, int columns, Func<int, int, double> entry)
    {
        Dense result = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                result[i, j] = entry(i, j);
            }
        }

        return result;
    }

    public static Dense Uniform(int rows, int columns, int seed)
    {
        Random random = new(seed);
        return From(rows, columns, (_, _) => (2 * random.NextDouble()) - 1);
    }

    public static Dense Identity(int n) => From(n, n, (i, j) => i == j ? 1 : 0);

    public Dense Transpose() => From(Columns, Rows, (i, j) => this[j, i]);

    public Dense Map(Func<double, double> f)
    {
        Dense result = new(Rows, Columns);
        for (int i = 0; i < Data.Length; i++)
        {
            result.Data[i] = f(Data[i]);
        }

        return result;
    }

    public Dense Abs() => Map(Math.Abs);

    public Dense Block(int rows, int columns) => From(rows, columns, (i, j) => this[i, j]);

    public Dense RoundTo<T>()
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(float) ? Map(static x => (double)(float)x) : this;

    /// <summary>The largest column sum of magnitudes.</summary>
    public double Norm1()
    {
        double[] sums = new double[Columns];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                sums[j] += Math.Abs(this[i, j]);
            }
        }

        double norm = 0;
        foreach (double sum in sums)
        {
            norm = double.IsNaN(sum) || sum > norm ? sum : norm;
        }

        return norm;
    }

    /// <summary>The exponent p for which the entries times 2^-p are at most 1 in magnitude; 0 for a zero matrix.</summary>
    public int Exponent()
    {
        double largest = 0;
        foreach (double x in Data)
        {
            largest = Math.Max(largest, Math.Abs(x));
        }

        return largest == 0 ? 0 : Math.ILogB(largest) + 1;
    }

    /// <summary>Exact scaling by a power of two, so that norms of huge and tiny matrices can be formed.</summary>
    public Dense ScaleByPower(int exponent) => exponent == 0 ? this : Map(x => Math.ScaleB(x, exponent));
}
