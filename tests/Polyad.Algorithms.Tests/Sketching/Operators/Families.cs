using System.Numerics;
using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.Operators;

/// <summary>Every real family by name, and a plain reference to compare with.</summary>
internal static class Families
{
    private static readonly string[] All =
    [
        "gaussian", "uniform", "rademacher", "srht", "countsketch", "sjlt", "sparse-sign", "sparse-sign-thick", "rows", "rows-distinct", "rows-weighted", "less", "less-weighted",
    ];

    /// <summary>Families whose sums are sums of signed numbers in a fixed order, whatever the engine.</summary>
    public static TheoryData<string> Discrete => ["srht", "countsketch", "sjlt", "sparse-sign", "sparse-sign-thick", "rows", "rows-distinct", "less"];

    public static TheoryData<string> Names => [.. All];

    public static SketchOperator<T> Create<T>(string family, int rows, int columns, SketchState state = default)
        where T : unmanaged, INumberBase<T>
        => family switch
        {
            "gaussian" => new GaussianSketch<T>(rows, columns, state),
            "uniform" => new UniformSketch<T>(rows, columns, state),
            "rademacher" => new RademacherSketch<T>(rows, columns, state),
            "srht" => new SrhtSketch<T>(rows, columns, state),
            "countsketch" => new SparseJohnsonLindenstrauss<T>(rows, columns, 1, state),
            "sjlt" => new SparseJohnsonLindenstrauss<T>(rows, columns, Math.Min(4, rows), state),
            "sparse-sign" => new SparseSignSketch<T>(rows, columns, 0.03, state),
            "sparse-sign-thick" => new SparseSignSketch<T>(rows, columns, 0.7, state),
            "rows" => new RowSamplingSketch<T>(rows, columns, replacement: true, state),
            "rows-distinct" => new RowSamplingSketch<T>(rows, columns, replacement: false, state),
            "rows-weighted" => new RowSamplingSketch<T>(rows, Weights(columns), state),
            "less" => new LessSketch<T>(rows, columns, 5, state),
            "less-weighted" => new LessSketch<T>(rows, Weights(columns), 5, state),
            _ => throw new ArgumentOutOfRangeException(nameof(family), family, null),
        };

    /// <summary>Weights with zeros among them.</summary>
    public static double[] Weights(int n) => [.. Enumerable.Range(0, n).Select(static j => j % 7 == 3 ? 0.0 : 1 + (j % 5))];

    public static double Epsilon<T>()
        => typeof(T) == typeof(float) ? Math.ScaleB(1, -23) : Math.ScaleB(1, -52);

    /// <summary>alpha S A + beta B in double arithmetic, with the bound |alpha| |S| |A| + |beta| |B| of each entry.</summary>
    public static (double[,] Value, double[,] Bound) Reference<T>(double alpha, Tensor<T> s, Tensor<T> a, double beta, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)s.Lengths[0], inner = (int)s.Lengths[1], columns = (int)a.Lengths[1];
        double[] left = Doubles(s), right = Doubles(a), old = Doubles(b);
        double[,] value = new double[rows, columns], bound = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                (double sum, double size) = (0, 0);
                for (int k = 0; k < inner; k++)
                {
                    double term = left[(i * inner) + k] * right[(k * columns) + j];
                    sum += term;
                    size += Math.Abs(term);
                }

                value[i, j] = (alpha * sum) + (beta == 0 ? 0 : beta * old[(i * columns) + j]);
                bound[i, j] = (Math.Abs(alpha) * size) + (beta == 0 ? 0 : Math.Abs(beta * old[(i * columns) + j]));
            }
        }

        return (value, bound);
    }

    public static double[] Doubles<T>(Tensor<T> x)
        where T : unmanaged, INumberBase<T>
        => [.. x.ToArray().Select(static v => double.CreateChecked(v))];

    public static Tensor<T> Transposed<T>(Tensor<T> x)
        where T : unmanaged
        => x.AsReadOnlyMatrix().Transpose.ToTensor();

    /// <summary>Whole numbers of magnitude up to 8: sums of them are exact.</summary>
    public static Tensor<T> Whole<T>(ulong seed, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        int[] draws = new int[rows * columns];
        new CounterRandom(seed, 9).Integers(draws, 17);
        return Tensor.Create([.. draws.Select(static v => T.CreateChecked(v - 8))], [rows, columns]);
    }

    public static CsrMatrix<T> Sparse<T>(ulong seed, int rows, int columns, int entries)
        where T : unmanaged, INumberBase<T>
    {
        int[] i = new int[entries], j = new int[entries];
        T[] values = new T[entries];
        new CounterRandom(seed, 0).Integers(i, rows);
        new CounterRandom(seed, 1).Integers(j, columns);
        new CounterRandom(seed, 2).Normal<T>(values);
        return CsrMatrix<T>.FromTriplets(rows, columns, i, j, values);
    }
}
