using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Polyad.Lapack;
using Polyad.MathNet;
using Polyad.Torch;
using Xunit;

namespace Polyad.Tests.MathNetContract;

/// <summary>Math.NET's matrices through the provider: what a program that adds one line gets. Engines agree with Math.NET's own provider to rounding.</summary>
[Collection(GlobalProviderCollection.Name)]
public sealed class HighLevelTests : GlobalProviderTests
{
    private const double Eps = 2.220446049250313e-16;

    private static readonly int[] Sizes = [.. Enumerable.Range(1, 40), 130];

    public static TheoryData<string> Engines
    {
        get
        {
            MathNetBackend.Register();
            LapackBackends.Register();
            TorchBackend.Register();
            return [.. Backend.Probe().Where(info => info.Available).Select(info => info.Id)];
        }
    }

    private static Matrix<double> Random(int rows, int columns, int seed)
        => ProviderSample.Random<double>(rows, columns, seed).AsMathNet(rows, columns);

    private static void Near(Matrix<double> expected, Matrix<double> actual, double tolerance)
    {
        double distance = (expected - actual).Enumerate().Select(Math.Abs).Max();
        Assert.True(distance <= tolerance, $"{expected.RowCount} x {expected.ColumnCount}: distance {distance:G3} > {tolerance:G3}");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Products_agree(string engine)
    {
        foreach (int n in Sizes)
        {
            Matrix<double> a = Random(n, n + 3, n), b = Random(n + 3, n, n + 1), c = Random(n + 2, n + 3, n + 2);
            (Matrix<double>[] own, Matrix<double>[] polyad) = OnBoth(engine, () => new[] { a * b, a.TransposeThisAndMultiply(a), a.TransposeAndMultiply(c), a * 2.5, a + a, a.PointwiseMultiply(a) });
            for (int i = 0; i < own.Length; i++)
            {
                Near(own[i], polyad[i], 2 * n * (n + 3) * Eps);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Singular_values_agree_and_factors_reproduce_the_matrix(string engine)
    {
        foreach (int n in Sizes)
        {
            foreach ((int rows, int columns) in new[] { (n, n), (n + 5, n), (n, n + 2) })
            {
                Matrix<double> a = Random(rows, columns, n);
                (Svd<double> own, Svd<double> polyad) = OnBoth(engine, () => a.Svd());
                double tolerance = 30 * Math.Max(rows, columns) * Eps * own.L2Norm;
                Near(own.W, polyad.W, tolerance);
                Near(a, polyad.U * polyad.W * polyad.VT, tolerance);
                Assert.Equal(own.Rank, polyad.Rank);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Qr_reproduces_the_matrix(string engine)
    {
        foreach (int n in Sizes)
        {
            Matrix<double> a = Random(n + 4, n, n);
            foreach (QRMethod method in new[] { QRMethod.Full, QRMethod.Thin })
            {
                (QR<double> own, QR<double> polyad) = OnBoth(engine, () => a.QR(method));
                double tolerance = 30 * (n + 4) * n * Eps;
                Near(a, polyad.Q * polyad.R, tolerance);
                Near(own.R.PointwiseAbs(), polyad.R.PointwiseAbs(), tolerance * Condition(a));
                Assert.Equal(0, polyad.R.StrictlyLowerTriangle().L1Norm());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Cholesky_and_lu_agree(string engine)
    {
        foreach (int n in Sizes)
        {
            Matrix<double> a = Random(n, n, n), positive = ProviderSample.PositiveDefinite<double>(n, n).AsMathNet(n, n), right = Random(n, 3, n + 1);
            double tolerance = 30 * n * n * Eps * Condition(a);
            ((Matrix<double> Factor, Matrix<double> X, double Log) own, (Matrix<double> Factor, Matrix<double> X, double Log) polyad) = OnBoth(engine, () =>
            {
                Cholesky<double> cholesky = positive.Cholesky();
                return (cholesky.Factor, cholesky.Solve(right), cholesky.DeterminantLn);
            });
            Near(own.Factor, polyad.Factor, 30 * n * n * Eps);
            Near(own.X, polyad.X, 30 * n * n * Eps);
            Assert.Equal(own.Log, polyad.Log, 30 * n * n * Eps);

            (LU<double> ownLu, LU<double> lu) = OnBoth(engine, () => a.LU());
            Near(ownLu.L, lu.L, tolerance);
            Near(ownLu.U, lu.U, tolerance);
            Assert.Equal(Enumerable.Range(0, n).Select(i => ownLu.P[i]), Enumerable.Range(0, n).Select(i => lu.P[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Solutions_inverses_and_determinants_agree(string engine)
    {
        foreach (int n in Sizes)
        {
            Matrix<double> a = Random(n, n, n), tall = Random(n + 6, n, n + 1), right = Random(n, 3, n + 2), more = Random(n + 6, 2, n + 3);
            (Matrix<double>[] own, Matrix<double>[] polyad) = OnBoth(engine, () => new[] { a.Solve(right), a.Inverse(), tall.Solve(more), a.PseudoInverse() });
            double condition = Math.Max(Condition(a), Condition(tall) * Condition(tall));
            for (int i = 0; i < own.Length; i++)
            {
                Near(own[i], polyad[i], 30 * n * Eps * condition * own[i].Enumerate().Select(Math.Abs).Max());
            }

            (double ownDeterminant, double determinant) = OnBoth(engine, a.Determinant);
            Assert.Equal(1, determinant / ownDeterminant, 30 * n * n * Eps * condition);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Eigenvalues_agree(string engine)
    {
        foreach (int n in Sizes)
        {
            Matrix<double> symmetric = ProviderSample.Symmetric<double>(n, n).AsMathNet(n, n), other = Random(n, n, n + 1);
            Matrix<double> kept = symmetric.Clone();
            (Evd<double> own, Evd<double> polyad) = OnBoth(engine, () => symmetric.Evd());
            Near(own.D, polyad.D, 30 * n * n * Eps);
            Near(symmetric * polyad.EigenVectors, polyad.EigenVectors * polyad.D, 30 * n * n * Eps);
            Assert.Equal(kept, symmetric);
            (Evd<double> ownOther, Evd<double> polyadOther) = OnBoth(engine, () => other.Evd());
            Assert.Equal(ownOther.EigenValues, polyadOther.EigenValues);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Single_precision_and_complex_matrices_work(string engine)
    {
        Matrix<float> a = ProviderSample.Random<float>(20, 20, 1).AsMathNet(20, 20);
        (Matrix<float> own, Matrix<float> polyad) = OnBoth(engine, () => a * a);
        Assert.True((own - polyad).Enumerate().Max(Math.Abs) <= 400 * 1.2e-7);
        (float ownTop, float top) = OnBoth(engine, () => a.Svd().S[0]);
        Assert.Equal(ownTop, top, 30 * 20 * 1.2e-7 * ownTop);
        Matrix<System.Numerics.Complex> z = Matrix<System.Numerics.Complex>.Build.Dense(5, 5, (i, j) => new(i - j, i + (2 * j)));
        (Matrix<System.Numerics.Complex> ownZ, Matrix<System.Numerics.Complex> polyadZ) = OnBoth(engine, () => z * z.ConjugateTranspose());
        Assert.Equal(ownZ, polyadZ);
    }

    private static double Condition(Matrix<double> a)
    {
        double[] s = new double[Math.Min(a.RowCount, a.ColumnCount)];
        ManagedBackend.Shared.SingularValues(a.AsReadOnlyMatrixView(), s);
        return s[0] / s[^1];
    }
}
