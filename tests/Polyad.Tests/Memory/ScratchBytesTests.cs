using System.Numerics;
using Xunit;

namespace Polyad.Tests.Memory;

/// <summary>The scratch query bounds what a call really rents, from above and not by far.</summary>
[Collection(nameof(ScratchBytesTests))]
[CollectionDefinition(nameof(ScratchBytesTests), DisableParallelization = true)]
public sealed class ScratchBytesTests
{
    /// <summary>Room for the fixed panels, which small matrices do not fill.</summary>
    private const long Fixed = 12 << 20;

    public static TheoryData<int, int, int> Shapes => new() { { 1, 1, 1 }, { 24, 24, 1 }, { 150, 150, 1 }, { 420, 420, 2 }, { 2500, 60, 1 }, { 40, 900, 1 }, { 900, 300, 2 }, { 30000, 16, 2 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Bounds_what_double_factorizations_rent(int m, int n, int threads) => Check<double>(m, n, threads);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Bounds_what_single_factorizations_rent(int m, int n, int threads) => Check<float>(m, n, threads);

    /// <summary>The rows below the first block lie in panels: their memory grows with the order, that of a product does not.</summary>
    [Fact]
    public void Bounds_the_panels_of_a_large_Cholesky_factorization()
    {
        const int order = 20_000, widestBlock = 240;
        Assert.True(ManagedBackend.ScratchBytes<double>(LinearAlgebraOperation.Cholesky, order, order) >= (long)(order - widestBlock) * widestBlock * sizeof(double));
    }

    /// <summary>What makes a full factor larger than a thin one is output, not scratch.</summary>
    [Theory]
    [InlineData(660, 5)]
    [InlineData(5, 660)]
    [InlineData(500, 1)]
    [InlineData(900, 300)]
    [InlineData(300, 260)]
    public void Bounds_what_full_singular_vectors_rent(int m, int n)
    {
        using IDisposable limit = Parallelism.Use(1);
        int k = Math.Min(m, n);
        double[] a = [.. Enumerable.Range(0, m * n).Select(static i => Math.Sin(i))], u = new double[m * m], vt = new double[n * n];
        long before = Workspace.RentedBytes;
        Workspace.ResetPeak();
        ManagedBackend.Shared.Svd<double>(a.AsMatrix(m, n), u.AsMatrix(m, m), new double[k], vt.AsMatrix(n, n));
        Assert.InRange(Workspace.PeakBytes - before, 0, ManagedBackend.ScratchBytes<double>(LinearAlgebraOperation.Svd, m, n));
    }

    [Fact]
    public void Refuses_tensor_kernels_and_sizes_that_make_no_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ManagedBackend.ScratchBytes<double>(LinearAlgebraOperation.Mttkrp, 3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ManagedBackend.ScratchBytes<double>(LinearAlgebraOperation.Svd, -1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ManagedBackend.ScratchBytes<double>(LinearAlgebraOperation.Svd, 3, 3, threads: 0));
        Assert.Throws<NotSupportedException>(() => ManagedBackend.ScratchBytes<decimal>(LinearAlgebraOperation.Svd, 3, 3));
    }

    private static void Check<T>(int m, int n, int threads)
        where T : unmanaged, INumberBase<T>
    {
        using IDisposable limit = Parallelism.Use(threads);
        ManagedBackend engine = ManagedBackend.Shared;
        int k = Math.Min(m, n);
        Random random = new(m + n);
        T[] a = [.. Enumerable.Range(0, m * n).Select(_ => T.CreateChecked(random.NextDouble() - 0.5))];
        T[] u = new T[m * k], vt = new T[k * n], s = new T[k], r = new T[k * n], lu = new T[m * n];
        int[] pivots = new int[k];
        Within(LinearAlgebraOperation.Qr, () => engine.Qr<T>(a.AsMatrix(m, n), u.AsMatrix(m, k), r.AsMatrix(k, n)));
        Within(LinearAlgebraOperation.QrR, () => engine.QrR<T>(a.AsMatrix(m, n), r.AsMatrix(k, n)));
        Within(LinearAlgebraOperation.Lu, () => engine.Lu<T>(a.AsMatrix(m, n), lu.AsMatrix(m, n), pivots));
        Within(LinearAlgebraOperation.Svd, () => engine.Svd<T>(a.AsMatrix(m, n), u.AsMatrix(m, k), s, vt.AsMatrix(k, n)));
        Within(LinearAlgebraOperation.SingularValues, () => engine.SingularValues<T>(a.AsMatrix(m, n), s));
        if (m != n)
        {
            return;
        }

        T[] symmetric = new T[n * n], result = new T[n * n];
        engine.Gram(T.One, a.AsMatrix(n, n), T.Zero, symmetric.AsMatrix(n, n));
        for (int i = 0; i < n; i++)
        {
            symmetric[(i * n) + i] += T.CreateChecked(n);
        }

        Within(LinearAlgebraOperation.MatMul, () => engine.MatMul(T.One, a.AsMatrix(n, n), symmetric.AsMatrix(n, n), T.Zero, result.AsMatrix(n, n)));
        Within(LinearAlgebraOperation.Gram, () => engine.Gram(T.One, a.AsMatrix(n, n), T.Zero, result.AsMatrix(n, n)));
        Within(LinearAlgebraOperation.Cholesky, () => engine.Cholesky<T>(symmetric.AsMatrix(n, n), result.AsMatrix(n, n)));
        Within(LinearAlgebraOperation.SymmetricEigen, () => engine.SymmetricEigen<T>(symmetric.AsMatrix(n, n), s, result.AsMatrix(n, n)));
        Within(LinearAlgebraOperation.SymmetricEigenvalues, () => engine.SymmetricEigenvalues<T>(symmetric.AsMatrix(n, n), s));
        Within(LinearAlgebraOperation.TriangularSolve, () => engine.TriangularSolve<T>(Triangle.Lower, false, symmetric.AsMatrix(n, n), result.AsMatrix(n, n)));

        void Within(LinearAlgebraOperation operation, Action call)
        {
            long before = Workspace.RentedBytes;
            Workspace.ResetPeak();
            call();
            long used = Workspace.PeakBytes - before, bound = ManagedBackend.ScratchBytes<T>(operation, m, n, threads);
            Assert.True(used <= bound, $"{operation} of {m} x {n} {typeof(T).Name} with {threads} threads rented {used} bytes; the bound says {bound}.");
            Assert.True(bound <= (4 * used) + (threads * Fixed), $"{operation} of {m} x {n} {typeof(T).Name}: the bound {bound} is far above the {used} bytes rented.");
        }
    }
}
