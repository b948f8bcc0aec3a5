using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.Providers.LinearAlgebra;
using Polyad.MathNet;
using Xunit;
using static Polyad.Tests.MathNetContract.ProviderSample;
using Transpose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Polyad.Tests.MathNetContract;

/// <summary>Every member of Math.NET's provider contract in <see cref="Complex"/>.</summary>
public sealed class ComplexDelegationTests : ComplexDelegationTests<Complex>
{
    protected override Complex Of(double re, double im) => new(re, im);

    protected override Complex Conjugate(Complex z) => Complex.Conjugate(z);
}

/// <summary>Every member of Math.NET's provider contract in <see cref="Complex32"/>.</summary>
public sealed class Complex32DelegationTests : ComplexDelegationTests<Complex32>
{
    protected override Complex32 Of(double re, double im) => new((float)re, (float)im);

    protected override Complex32 Conjugate(Complex32 z) => z.Conjugate();
}

/// <summary>
/// Complex members are Math.NET's managed code: every array that a member may write, and every exception, is the same bit for bit. All dimensions differ, so that an
/// argument that is passed on in another's place shows.
/// </summary>
public abstract class ComplexDelegationTests<T>
    where T : struct
{
    private const int M = 7, N = 4, K = 5;

    private readonly ILinearAlgebraProvider<T> _own = Provider(ManagedLinearAlgebraProvider.Instance);
    private readonly ILinearAlgebraProvider<T> _polyad = Provider(new PolyadLinearAlgebraProvider(ManagedBackend.Shared));

    protected abstract T Of(double re, double im);

    protected abstract T Conjugate(T z);

    private static ILinearAlgebraProvider<T> Provider(object provider) => (ILinearAlgebraProvider<T>)provider;

    private T[] Sample(int rows, int columns, int seed) => [.. Random<double>(rows, columns, seed).Zip(Random<double>(rows, columns, seed + 1000), Of)];

    /// <summary>Hermitian with a dominant diagonal: positive definite.</summary>
    private T[] Definite(int n, int seed)
    {
        T[] a = Sample(n, n, seed);
        for (int j = 0; j < n; j++)
        {
            a[j + (j * n)] = Of(2 * n, 0);
            for (int i = 0; i < j; i++)
            {
                a[i + (j * n)] = Conjugate(a[j + (i * n)]);
            }
        }

        return a;
    }

    /// <summary>Runs a member on both providers with fresh copies of the arrays, and compares what they hold afterwards.</summary>
    private void Same(Action<ILinearAlgebraProvider<T>, T[][]> member, params T[][] arrays)
    {
        T[][] own = [.. arrays.Select(static a => (T[])a.Clone())], polyad = [.. arrays.Select(static a => (T[])a.Clone())];
        member(_own, own);
        member(_polyad, polyad);
        Assert.Equal(own, polyad);
    }

    [Fact]
    public void Element_wise_members_are_those_of_math_net()
    {
        T[] x = Sample(11, 1, 1), y = Sample(11, 1, 2), room = new T[11];
        T alpha = Of(0.5, -1.25);
        Same((p, a) => p.AddVectorToScaledVector(a[0], alpha, a[1], a[2]), y, x, room);
        Same((p, a) => p.ScaleArray(alpha, a[0], a[1]), x, room);
        Same((p, a) => p.ConjugateArray(a[0], a[1]), x, room);
        Same((p, a) => p.AddArrays(a[0], a[1], a[2]), x, y, room);
        Same((p, a) => p.SubtractArrays(a[0], a[1], a[2]), x, y, room);
        Same((p, a) => p.PointWiseMultiplyArrays(a[0], a[1], a[2]), x, y, room);
        Same((p, a) => p.PointWiseDivideArrays(a[0], a[1], a[2]), x, y, room);
        Same((p, a) => p.PointWisePowerArrays(a[0], a[1], a[2]), x, y, room);
        Assert.Equal(_own.DotProduct(x, y), _polyad.DotProduct(x, y));
        T[] conjugate = new T[11];
        _polyad.ConjugateArray(x, conjugate);
        Assert.Equal(x.Select(Conjugate), conjugate);
    }

    [Theory]
    [InlineData(Norm.OneNorm)]
    [InlineData(Norm.InfinityNorm)]
    [InlineData(Norm.FrobeniusNorm)]
    [InlineData(Norm.LargestAbsoluteValue)]
    public void Norms_are_those_of_math_net(Norm norm)
    {
        T[] a = Sample(M, N, 3);
        Assert.Equal(_own.MatrixNorm(norm, M, N, a), _polyad.MatrixNorm(norm, M, N, a));
    }

    [Theory]
    [InlineData(Transpose.DontTranspose, Transpose.DontTranspose)]
    [InlineData(Transpose.Transpose, Transpose.DontTranspose)]
    [InlineData(Transpose.DontTranspose, Transpose.ConjugateTranspose)]
    [InlineData(Transpose.ConjugateTranspose, Transpose.Transpose)]
    public void Products_are_those_of_math_net(Transpose left, Transpose right)
    {
        (int rowsA, int columnsA) = left == Transpose.DontTranspose ? (M, K) : (K, M);
        (int rowsB, int columnsB) = right == Transpose.DontTranspose ? (K, N) : (N, K);
        T alpha = Of(1.5, 0.25), beta = Of(-0.5, 2);
        T[] x = Sample(rowsA, columnsA, 4), y = Sample(rowsB, columnsB, 5), c = Sample(M, N, 6);
        Same((p, a) => p.MatrixMultiplyWithUpdate(left, right, alpha, a[0], rowsA, columnsA, a[1], rowsB, columnsB, beta, a[2]), x, y, c);
        Same((p, a) => p.MatrixMultiply(a[0], M, K, a[1], K, N, a[2]), Sample(M, K, 7), Sample(K, N, 8), c);
    }

    [Fact]
    public void Lu_members_are_those_of_math_net()
    {
        T[] a = Sample(N, N, 9), b = Sample(N, K, 10);
        int[] own = new int[N], polyad = new int[N];
        T[] factors = (T[])a.Clone();
        _own.LUFactor(factors, N, own);
        Same((p, x) => p.LUFactor(x[0], N, ReferenceEquals(p, _own) ? own : polyad), a);
        Assert.Equal(own, polyad);
        Same((p, x) => p.LUInverse(x[0], N), a);
        Same((p, x) => p.LUInverseFactored(x[0], N, [.. own]), factors);
        Same((p, x) => p.LUSolve(K, x[0], N, x[1]), a, b);
        Same((p, x) => p.LUSolveFactored(K, x[0], N, [.. own], x[1]), factors, b);
    }

    [Fact]
    public void Cholesky_members_are_those_of_math_net()
    {
        T[] a = Definite(N, 11), b = Sample(N, K, 12), factor = (T[])a.Clone();
        _own.CholeskyFactor(factor, N);
        Same((p, x) => p.CholeskyFactor(x[0], N), a);
        Same((p, x) => p.CholeskySolve(x[0], N, x[1], K), a, b);
        Same((p, x) => p.CholeskySolveFactored(x[0], N, x[1], K), factor, b);
        T[] indefinite = [.. a.Select((z, i) => i == N + 1 ? Of(-1, 0) : z)];
        Assert.Equal(
            Assert.Throws<ArgumentException>(() => _own.CholeskyFactor((T[])indefinite.Clone(), N)).Message,
            Assert.Throws<ArgumentException>(() => _polyad.CholeskyFactor((T[])indefinite.Clone(), N)).Message);
    }

    [Theory]
    [InlineData(QRMethod.Full)]
    [InlineData(QRMethod.Thin)]
    public void Qr_members_are_those_of_math_net(QRMethod method)
    {
        bool full = method == QRMethod.Full;
        T[] a = Sample(M, N, 13), b = Sample(M, K, 14), x = new T[N * K], tau = new T[N];
        T[] left = (T[])a.Clone(), right = new T[full ? M * M : N * N], factoredTau = new T[N];
        Factor(_own, left, right, factoredTau);
        Same((p, s) => Factor(p, s[0], s[1], s[2]), a, new T[right.Length], tau);
        Same((p, s) => p.QRSolve(s[0], M, N, s[1], K, s[2], method), a, b, x);
        (T[] q, T[] r) = full ? (right, left) : (left, right);
        Same((p, s) => p.QRSolveFactored(s[0], s[1], M, N, s[2], s[3], K, s[4], method), q, r, factoredTau, b, x);

        void Factor(ILinearAlgebraProvider<T> provider, T[] matrix, T[] other, T[] scales)
        {
            if (full)
            {
                provider.QRFactor(matrix, M, N, other, scales);
            }
            else
            {
                provider.ThinQRFactor(matrix, M, N, other, scales);
            }
        }
    }

    [Fact]
    public void Svd_members_are_those_of_math_net()
    {
        T[] a = Sample(M, N, 15), b = Sample(M, K, 16), x = new T[N * K];
        T[] s = new T[N], u = new T[M * M], vt = new T[N * N];
        _own.SingularValueDecomposition(true, (T[])a.Clone(), M, N, s, u, vt);
        foreach (bool vectors in new[] { true, false })
        {
            Same((p, r) => p.SingularValueDecomposition(vectors, r[0], M, N, r[1], r[2], r[3]), a, new T[N], new T[M * M], new T[N * N]);
        }

        Same((p, r) => p.SvdSolve(r[0], M, N, r[1], K, r[2]), a, b, x);
        Same((p, r) => p.SvdSolveFactored(M, N, r[0], r[1], r[2], r[3], K, r[4]), s, u, vt, b, x);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Eigenvalues_are_those_of_math_net(bool hermitian)
    {
        Complex[] own = new Complex[N], polyad = new Complex[N];
        Same((p, r) => p.EigenDecomp(hermitian, N, r[0], r[1], ReferenceEquals(p, _own) ? own : polyad, r[2]), hermitian ? Definite(N, 17) : Sample(N, N, 18), new T[N * N], new T[N * N]);
        Assert.Equal(own, polyad);
    }
}
