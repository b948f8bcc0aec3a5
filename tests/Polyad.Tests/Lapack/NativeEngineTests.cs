using Polyad.Lapack;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>The engines on the libraries of this machine; each test is skipped, with the engine's own reason, where there is none.</summary>
public sealed class NativeEngineTests
{
    private static readonly EngineShelf Shelf = new();

    public static TheoryData<string> Engines => ["mkl", "openblas"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void An_engine_tells_what_runs(string id)
    {
        BackendInfo info = Open(id).Describe();
        Assert.True(info.Available);
        Assert.Equal("passed", info.SelfTest);
        Assert.True(File.Exists(info.Path));
        Assert.NotEqual("", info.Vendor);
        Assert.NotEqual("", info.Isa);
        Assert.Contains("dgemm", info.NativeSymbols);
        Assert.Contains("LP64", info.Version, StringComparison.Ordinal);
        Assert.Null(info.Reason);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_librarys_thread_setting_is_the_callers_again_after_each_call(string id)
    {
        LapackBackend engine = Open(id);
        ThreadControl threads = engine.Table.Threads;
        double[,] a = Sample(200, 200), c = new double[200, 200];
        int before = threads.Current;
        foreach (int limit in new[] { 1, 2, 1 })
        {
            using IDisposable scope = Parallelism.Use(limit);
            engine.MatMul<double>(1, a, a, 0, c);
            engine.SingularValues<double>(a, new double[200]);
        }

        Assert.Equal(before, threads.Current);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Unchecked_NaN_ends_in_finite_time(string id)
    {
        LapackBackend engine = Open(id);
        FactorizationOptions trusting = new() { CheckFinite = false };
        foreach (int n in new[] { 3, 70 })
        {
            double[,] a = Sample(n, n), u = new double[n, n], v = new double[n, n];
            double[] s = new double[n];
            a[n / 2, 1] = double.NaN;
            engine.Svd<double>(a, u, s, v, trusting);
            Assert.All(s, x => Assert.True(double.IsNaN(x)));
            engine.SingularValues<double>(a, s, trusting);
            engine.SymmetricEigen<double>(a, s, u, trusting);
            engine.SymmetricEigenvalues<double>(a, s, trusting);
            engine.Qr<double>(a, u, v, trusting);
            engine.Lu<double>(a, u, new int[n], trusting);
        }
    }

    [Fact]
    public void Choosing_engines_ten_thousand_times_from_eight_threads_never_tears_a_product()
    {
        LapackBackend[] engines = [.. Engines.Select(id => Shelf.Probe(id.Data, Search(id.Data)) is { Available: true } ? Open(id.Data) : null).OfType<LapackBackend>()];
        Assert.SkipWhen(engines.Length == 0, "no native library on this machine");
        ILinearAlgebraBackend[] all = [ManagedBackend.Shared, .. engines];
        double[,] a = Sample(12, 9), b = Sample(9, 7), right = new double[12, 7];
        ManagedBackend.Shared.MatMul<double>(1, a, b, 0, right);
        System.Threading.Tasks.Parallel.For(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            double[,] c = new double[12, 7];
            using (Backend.Use(all[i % all.Length]))
            {
                Backend.Current.MatMul<double>(1, a, b, 0, c);
            }

            for (int k = 0; k < c.Length; k++)
            {
                Assert.Equal(right[k / 7, k % 7], c[k / 7, k % 7], 1e-13);
            }
        });
    }

    [Fact]
    public void An_engine_that_is_switched_off_gives_its_reason_in_under_a_second()
    {
        Dictionary<string, string> off = new() { ["POLYAD_MKL"] = "none", ["POLYAD_OPENBLAS"] = "none" };
        NativeLibraryFinder finder = new(off.GetValueOrDefault, AppContext.BaseDirectory);
        ShortestTime.IsUnder(TimeSpan.FromSeconds(1), () =>
        {
            foreach (BackendInfo info in new[] { new EngineShelf().Probe("mkl", finder.Mkl), new EngineShelf().Probe("openblas", finder.OpenBlas) })
            {
                Assert.False(info.Available);
                Assert.Contains("=none", info.Reason!, StringComparison.Ordinal);
            }
        });
    }

    private static Func<LibrarySearch> Search(string id) => id == "mkl" ? NativeLibraryFinder.ForProcess.Mkl : NativeLibraryFinder.ForProcess.OpenBlas;

    internal static LapackBackend Open(string id)
    {
        BackendInfo info = Shelf.Probe(id, Search(id));
        Assert.SkipUnless(info.Available, info.Reason ?? "");
        return Shelf.Get(id, Search(id));
    }

    internal static double[,] Sample(int rows, int columns)
    {
        double[,] a = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                a[i, j] = Math.Sin((i * 1.7) + (j * j * 0.3)) + (i == j ? 2 : 0);
            }
        }

        return a;
    }
}
