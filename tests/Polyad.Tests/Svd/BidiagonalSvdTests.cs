using System.Numerics;
using Polyad.Managed;
using Xunit;

namespace Polyad.Svd;

public unsafe class BidiagonalSvdTests
{
    public static TheoryData<string> Kinds =>
    [
        "random", "log-uniform", "log-uniform-wide", "toeplitz", "wilkinson", "zero-diagonal", "zero-middle", "split", "decreasing", "increasing", "glued", "tiny-off", "all-zero", "repeated", "one-entry",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DivideAndConquerGivesOrthogonalVectorsForEveryKind(string kind)
    {
        foreach (int n in new[] { 1, 2, 32, 33, 34, 67, 100, 150, 257 })
        {
            Check<double>(kind, n);
            Check<float>(kind, n);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void QrIterationAgreesWithDivideAndConquer(string kind)
    {
        foreach (int n in new[] { 2, 3, 40, 120 })
        {
            (double[] d, double[] e) = Create(kind, n, n);
            double[] s = Values(d, e), t = Check<double>(kind, n);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(s[i], t[i], 30 * n * SvdRatios.Ulp<double>() * Math.Max(s[0], double.Epsilon));
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(150)]
    public void QrIterationKeepsTheRelativeAccuracyOfEveryValue(int n)
    {
        // The product of the singular values is the product of the diagonal: a lost small value shows in the sum of logarithms.
        (double[] d, double[] e) = Create("log-uniform", n, 4);
        double expected = d.Sum(x => Math.Log(Math.Abs(x))), actual = Values(d, e).Sum(Math.Log);
        Assert.Equal(expected, actual, 30.0 * n * n * SvdRatios.Ulp<double>());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(200)]
    public void NotANumberEnds(int n)
    {
        foreach (int place in new[] { 0, n / 2, n - 1 })
        {
            (double[] d, double[] e) = Create("random", n, 1);
            d[place] = double.NaN;
            Assert.Throws<NonConvergenceException>(() => Values(d, e));
            Assert.Throws<NonConvergenceException>(() => Decompose(d, e, out _, out _));
        }
    }

    private static double[] Values(double[] d, double[] e)
    {
        double[] s = [.. d], off = [.. e];
        fixed (double* ps = s, pe = off)
        {
            BidiagonalQr<double>.Run(s.Length, ps, pe, default, default);
        }

        Array.Sort(s);
        Array.Reverse(s);
        return s;
    }

    private static T[] Decompose<T>(T[] d, T[] e, out T[] u, out T[] v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = d.Length;
        T[] s = [.. d], off = [.. e], scratch = new T[3 * n * n];
        u = new T[n * n];
        v = new T[n * n];
        fixed (T* ps = s, pe = off, pu = u, pv = v, pw = scratch)
        {
            MatrixBlock<T> ub = MatrixBlock<T>.ColumnMajor(pu, n, n), vb = MatrixBlock<T>.ColumnMajor(pv, n, n);
            BidiagonalDivideAndConquer<T>.Run(n, ps, pe, ub, vb, pw, pw + (n * n), pw + (2 * n * n), Parallelism.Sequential);
        }

        return s;
    }

    private static double[] Check<T>(string kind, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double[] dd, double[] ee) = Create(kind, n, n);
        T[] d = SpectrumMatrix.Convert<T>(dd, 1), e = SpectrumMatrix.Convert<T>(ee, 1);
        T[] s = Decompose(d, e, out T[] u, out T[] v);
        double ulp = SvdRatios.Ulp<T>(), norm = 0, residual = 0, left = 0, right = 0;
        double[][] cu = Columns(u, n), cv = Columns(v, n);
        for (int j = 0; j < n; j++)
        {
            // Row i of B v_j - s_j u_j needs two entries of v_j.
            double sum = 0, sumU = 0, sumV = 0, sj = double.CreateChecked(s[j]);
            Assert.True(sj >= 0, $"{kind} {n}: s[{j}] = {sj}");
            norm = Math.Max(norm, Math.Abs(double.CreateChecked(d[j])) + (j > 0 ? Math.Abs(double.CreateChecked(e[j - 1])) : 0));
            for (int i = 0; i < n; i++)
            {
                double bv = (double.CreateChecked(d[i]) * cv[j][i]) + (i < n - 1 ? double.CreateChecked(e[i]) * cv[j][i + 1] : 0);
                sum += Math.Abs(bv - (sj * cu[j][i]));
                sumU += Math.Abs((i == j ? 1 : 0) - System.Numerics.Tensors.TensorPrimitives.Dot<double>(cu[i], cu[j]));
                sumV += Math.Abs((i == j ? 1 : 0) - System.Numerics.Tensors.TensorPrimitives.Dot<double>(cv[i], cv[j]));
            }

            residual = Worse(residual, sum);
            left = Worse(left, sumU);
            right = Worse(right, sumV);
        }

        double r1 = norm > 0 ? residual / (norm * n * ulp) : residual, r2 = left / (n * ulp), r3 = right / (n * ulp);
        Assert.True(r1 < SvdRatios.Threshold && r2 < SvdRatios.Threshold && r3 < SvdRatios.Threshold, $"{typeof(T).Name} {kind} {n}: r1 {r1:G3}, r2 {r2:G3}, r3 {r3:G3}");
        double[] result = Array.ConvertAll(s, double.CreateChecked);
        Array.Sort(result);
        Array.Reverse(result);
        return result;
    }

    private static double Worse(double a, double b) => double.IsNaN(b) ? b : Math.Max(a, b);

    private static double[][] Columns<T>(T[] a, int n)
        where T : unmanaged, INumberBase<T>
        => [.. Enumerable.Range(0, n).Select(j => a.AsSpan(j * n, n).ToArray().Select(double.CreateChecked).ToArray())];

    private static (double[] D, double[] E) Create(string kind, int n, int seed)
    {
        Random random = new(seed);
        double Symmetric() => (2 * random.NextDouble()) - 1;
        double Logarithmic(double decades) => Math.Pow(10, -decades * random.NextDouble()) * (random.Next(2) == 0 ? 1 : -1);
        (Func<int, double> d, Func<int, double> e) = kind switch
        {
            "random" => ((Func<int, double>)(_ => Symmetric()), (Func<int, double>)(_ => Symmetric())),
            "log-uniform" => (_ => Logarithmic(15), _ => Logarithmic(15)),
            "log-uniform-wide" => (_ => Logarithmic(35), _ => Logarithmic(35)),
            "toeplitz" => (_ => 1, _ => 1),
            "wilkinson" => (i => Math.Abs(i - (n / 2)) / (double)n, _ => 1.0 / n),
            "zero-diagonal" => (_ => 0, _ => Symmetric()),
            "zero-middle" => (i => i == n / 2 ? 0 : Symmetric(), i => i == n / 3 ? 0 : Symmetric()),
            "split" => (_ => Symmetric(), i => i % 5 == 0 ? 0 : Symmetric()),
            "decreasing" => (i => Math.Pow(0.8, i), i => Math.Pow(0.8, i)),
            "increasing" => (i => Math.Pow(0.8, n - i), i => Math.Pow(0.8, n - i)),
            "glued" => (i => 1 + (i % 10), i => i % 10 == 9 ? 1e-9 : 1),
            "tiny-off" => (_ => 1, _ => 1e-14),
            "all-zero" => (_ => 0, _ => 0),
            "repeated" => (i => i % 3, _ => 0),
            "one-entry" => (_ => 0, i => i == n / 2 ? 1 : 0),
            _ => throw new ArgumentException(kind),
        };
        return ([.. Enumerable.Range(0, n).Select(d)], [.. Enumerable.Range(0, n).Select(e)]);
    }
}
