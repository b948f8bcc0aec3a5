using System.Collections.Concurrent;
using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;
using Polyad.MathNet;
using Xunit;

namespace Polyad.Tests.MathNetContract;

/// <summary>Choosing the provider, threads, resources.</summary>
[Collection(GlobalProviderCollection.Name)]
public sealed class ProviderControlTests : GlobalProviderTests
{
    [Fact]
    public void One_line_puts_an_engine_behind_math_net()
    {
        PolyadLinearAlgebraControl.Use("managed");
        PolyadLinearAlgebraProvider provider = Assert.IsType<PolyadLinearAlgebraProvider>(LinearAlgebraControl.Provider);
        Assert.Same(ManagedBackend.Shared, provider.Engine);
        Assert.Contains("managed", Control.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_engine_that_cannot_be_had_leaves_the_provider_and_says_why()
    {
        LinearAlgebraControl.UseManaged();
        ILinearAlgebraProvider before = LinearAlgebraControl.Provider;
        Assert.False(PolyadLinearAlgebraControl.TryUse("no-such-engine", out string reason));
        Assert.Contains("no-such-engine", reason, StringComparison.Ordinal);
        Assert.Throws<BackendUnavailableException>(() => PolyadLinearAlgebraControl.Use("no-such-engine"));
        Assert.Same(before, LinearAlgebraControl.Provider);
        Assert.True(PolyadLinearAlgebraControl.TryUse("managed", out reason));
        Assert.Empty(reason);
    }

    [Fact]
    public void An_engine_that_multiplies_wrongly_is_refused()
    {
        LinearAlgebraControl.UseManaged();
        ILinearAlgebraProvider before = LinearAlgebraControl.Provider;
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => PolyadLinearAlgebraControl.Use(new RecordingEngine { Wrong = true }));
        Assert.Contains("recording", e.Message, StringComparison.Ordinal);
        Assert.Same(before, LinearAlgebraControl.Provider);
    }

    [Fact]
    public void The_provider_survives_freed_resources()
    {
        PolyadLinearAlgebraControl.Use("managed");
        double[] a = ProviderSample.Random<double>(30, 30, 1), first = new double[900], second = new double[900];
        LinearAlgebraControl.Provider.MatrixMultiply(a, 30, 30, a, 30, 30, first);
        LinearAlgebraControl.FreeResources();
        LinearAlgebraControl.Provider.MatrixMultiply(a, 30, 30, a, 30, 30, second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_changed_thread_count_reaches_the_engine_at_the_next_call()
    {
        RecordingEngine engine = new();
        PolyadLinearAlgebraControl.Use(engine);
        double[] a = [2], c = new double[1];
        foreach (int threads in new[] { 1, 3, 2 })
        {
            Control.MaxDegreeOfParallelism = threads;
            LinearAlgebraControl.Provider.MatrixMultiply(a, 1, 1, a, 1, 1, c);
            Assert.Equal(Math.Min(threads, Parallelism.Default.MaxThreads), engine.Threads.Last());
        }

        Control.UseSingleThread();
        LinearAlgebraControl.Provider.MatrixMultiply(a, 1, 1, a, 1, 1, c);
        Assert.Equal(1, engine.Threads.Last());
        Assert.Equal(Parallelism.Default, Parallelism.Current);
    }

    [Fact]
    public void The_mathnet_engine_obeys_the_ambient_limit_and_restores_the_setting()
    {
        Control.MaxDegreeOfParallelism = 4;
        PolyadLinearAlgebraControl.Use(new MathNetBackend());
        double[] a = ProviderSample.Random<double>(100, 100, 2);
        ConcurrentBag<int> seen = [];
        Parallel.For(0, 8, _ =>
        {
            using (Parallelism.Use(1))
            {
                double[] c = new double[10_000];
                MathNetBackend.Shared.MatMul(1.0, new ReadOnlyMatrixView<double>(a, 100, 100), new ReadOnlyMatrixView<double>(a, 100, 100), 0, new MatrixView<double>(c, 100, 100));
                using (ControlThreads.Limit(1))
                {
                    seen.Add(Control.MaxDegreeOfParallelism);
                }
            }
        });
        Assert.All(seen, threads => Assert.Equal(1, threads));
        Assert.Equal(4, Control.MaxDegreeOfParallelism);
    }

    [Fact]
    public void Many_threads_may_use_the_provider_at_once()
    {
        PolyadLinearAlgebraControl.Use("managed");
        double[] a = ProviderSample.Random<double>(60, 60, 3), expected = new double[60];
        LinearAlgebraControl.Provider.SingularValueDecomposition(true, [.. a], 60, 60, expected, new double[3600], new double[3600]);
        Parallel.For(0, 32, _ =>
        {
            double[] s = new double[60];
            LinearAlgebraControl.Provider.SingularValueDecomposition(true, [.. a], 60, 60, s, new double[3600], new double[3600]);
            Assert.Equal(expected, s);
        });
    }

    /// <summary>Multiplies on the managed engine and notes how many threads it was allowed.</summary>
    private sealed class RecordingEngine : ILinearAlgebraBackend
    {
        public bool Wrong { get; init; }

        public ConcurrentQueue<int> Threads { get; } = [];

        public string Id => "recording";

        public Parallelism Parallelism => Parallelism.Default;

        public BackendInfo Describe() => new() { Id = Id, Available = true };

        public OperationSource SourceOf(LinearAlgebraOperation operation) => OperationSource.Native;

        public void MatMul<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
            where T : unmanaged, INumberBase<T>
        {
            Threads.Enqueue(Parallelism.Current.MaxThreads);
            ManagedBackend.Shared.MatMul(Wrong ? -alpha : alpha, a, b, beta, c);
        }

        public void Gram<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void TriangularSolve<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void Cholesky<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public int Lu<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void Qr<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void QrR<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void SymmetricEigen<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void SymmetricEigenvalues<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void Svd<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();

        public void SingularValues<T>(in ReadOnlyMatrixView<T> a, Span<T> s, in FactorizationOptions options = default)
            where T : unmanaged, INumberBase<T> => throw new NotSupportedException();
    }
}
