using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Polyad.Peers.Direct;

/// <summary>Math.NET Numerics through its matrices, on its own managed provider.</summary>
internal static class MathNetCalls
{
    public static IEnumerable<DirectCall> Of<T>(Numbers<T> x)
        where T : unmanaged, INumberBase<T>
    {
        MatrixBuilder<T> build = Matrix<T>.Build;
        Matrix<T> a = build.Dense(x.N, x.N, x.Columns), b = build.Dense(x.N, x.N, x.B), definite = build.Dense(x.N, x.N, x.Definite), c = build.Dense(x.N, x.N);
        yield return new("gemm", () => a.Multiply(b, c));
        yield return new("gram", () => a.TransposeAndMultiply(a, c));
        yield return new("cholesky", () => definite.Cholesky());
        yield return new("lu", () => a.LU());
        yield return new("qr", () => a.QR(QRMethod.Thin));
        yield return new("eigh", () => definite.Evd(Symmetricity.Symmetric));
        yield return new("svd", () => a.Svd(computeVectors: true));
        yield return new("svdvals", () => a.Svd(computeVectors: false));
    }
}
