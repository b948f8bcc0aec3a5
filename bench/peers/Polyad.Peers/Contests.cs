using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using NumSharp;
using TorchSharp;

namespace Polyad.Peers;

/// <summary>The same work on the same numbers. Polyad writes into given memory; the others allocate their results, as their interfaces ask.</summary>
internal static class Contests
{
    private static readonly ManagedBackend Engine = new(1);

    public static IEnumerable<Contest> All(bool quick)
    {
        foreach (int n in quick ? [64, 256] : new[] { 16, 64, 256, 512, 1024 })
        {
            yield return Gemm(n);
        }

        foreach (int n in quick ? [100] : new[] { 32, 100, 200, 500 })
        {
            yield return Svd(n);
            yield return SingularValues(n);
            yield return Qr(n);
            yield return Eigh(n);
            yield return Cholesky(n);
            yield return Lu(n);
        }
    }

    private static Contest Gemm(int n)
    {
        double[,] a = Random(n, n, 1), b = Random(n, n, 2), c = new double[n, n];
        Matrix<double> ma = Matrix<double>.Build.DenseOfArray(a), mb = Matrix<double>.Build.DenseOfArray(b), mc = Matrix<double>.Build.Dense(n, n);
        NDArray na = np.array(a.Cast<double>().ToArray()).reshape(n, n), nb = np.array(b.Cast<double>().ToArray()).reshape(n, n);
        return Of("gemm", n, n, () => Engine.MatMul<double>(1, a, b, 0, c), () => ma.Multiply(mb, mc), () => np.matmul(na, nb).Dispose(), PlainTorch.Work(a, b, static (x, y) => torch.matmul(x, y)));
    }

    private static Contest Svd(int n)
    {
        double[,] a = Random(n, n, 3), u = new double[n, n], vt = new double[n, n];
        double[] s = new double[n];
        Matrix<double> m = Matrix<double>.Build.DenseOfArray(a);
        return Of("svd", n, n, () => Engine.Svd<double>(a, u, s, vt), () => m.Svd(computeVectors: true), null, PlainTorch.Work(a, static x => torch.linalg.svd(x, fullMatrices: false)));
    }

    private static Contest SingularValues(int n)
    {
        double[,] a = Random(n, n, 3);
        double[] s = new double[n];
        Matrix<double> m = Matrix<double>.Build.DenseOfArray(a);
        return Of("svdvals", n, n, () => Engine.SingularValues<double>(a, s), () => m.Svd(computeVectors: false), null, PlainTorch.Work(a, static x => torch.linalg.svdvals(x)));
    }

    private static Contest Qr(int n)
    {
        double[,] a = Random(2 * n, n, 4), q = new double[2 * n, n], r = new double[n, n];
        Matrix<double> m = Matrix<double>.Build.DenseOfArray(a);
        return Of("qr", 2 * n, n, () => Engine.Qr<double>(a, q, r), () => m.QR(QRMethod.Thin), null, PlainTorch.Work(a, static x => torch.linalg.qr(x)));
    }

    private static Contest Eigh(int n)
    {
        double[,] a = Definite(n), v = new double[n, n];
        double[] w = new double[n];
        Matrix<double> m = Matrix<double>.Build.DenseOfArray(a);
        return Of("eigh", n, n, () => Engine.SymmetricEigen<double>(a, w, v), () => m.Evd(Symmetricity.Symmetric), null, PlainTorch.Work(a, static x => torch.linalg.eigh(x)));
    }

    private static Contest Cholesky(int n)
    {
        double[,] a = Definite(n), l = new double[n, n];
        Matrix<double> m = Matrix<double>.Build.DenseOfArray(a);
        return Of("cholesky", n, n, () => Engine.Cholesky<double>(a, l), () => m.Cholesky(), null, PlainTorch.Work(a, static x => torch.linalg.cholesky(x)));
    }

    private static Contest Lu(int n)
    {
        double[,] a = Random(n, n, 5), lu = new double[n, n];
        int[] pivots = new int[n];
        Matrix<double> m = Matrix<double>.Build.DenseOfArray(a);
        return Of("lu", n, n, () => Engine.Lu<double>(a, lu, pivots), () => m.LU(), null, PlainTorch.Work(a, static x => torch.linalg.lu_factor(x)));
    }

    private static Contest Of(string operation, int rows, int columns, Action polyad, Action mathNet, Action? numSharp, Action? torchSharp)
        => new(operation, $"{rows} x {columns}", "f64", new Player("Polyad", polyad), new Player("Math.NET", mathNet), new Player("NumSharp", numSharp), new Player("TorchSharp", torchSharp));

    private static double[,] Random(int rows, int columns, int seed)
    {
        Random random = new(seed);
        double[,] a = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                a[i, j] = (2 * random.NextDouble()) - 1;
            }
        }

        return a;
    }

    private static double[,] Definite(int n)
    {
        double[,] a = Random(n, n, 6), c = new double[n, n];
        Engine.Gram<double>(1, a, 0, c);
        for (int i = 0; i < n; i++)
        {
            c[i, i] += 1;
        }

        return c;
    }
}
