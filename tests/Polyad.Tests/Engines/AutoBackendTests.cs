using Xunit;

namespace Polyad.Tests.Engines;

public sealed class AutoBackendTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polyad-auto-");

    private static string ManagedVersion => TuningTable.VersionOf(ManagedBackend.Shared.Describe());

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Before_tuning_it_is_the_managed_engine_and_says_what_to_do()
    {
        AutoBackend auto = new(_folder.FullName);
        EngineChoice choice = auto.Explain(LinearAlgebraOperation.MatMul, [100, 100, 100]);
        Assert.Same(ManagedBackend.Shared, choice.Engine);
        Assert.Contains("run polyad tune", choice.Reason, StringComparison.Ordinal);
        BackendInfo info = auto.Describe();
        Assert.True(info.Available);
        Assert.Contains("not tuned: run polyad tune", info.Reason, StringComparison.Ordinal);
        Assert.Equal("not run", info.SelfTest);
        Assert.All(Enum.GetValues<LinearAlgebraOperation>(), operation => Assert.Equal(OperationSource.Managed, auto.SourceOf(operation)));
        Assert.Same(AutoBackend.Shared, Backend.Get("auto"));
    }

    [Fact]
    public void A_problem_goes_to_the_engine_that_was_fastest_on_its_class_or_the_nearest_one()
    {
        StubEngine quick = new("quick");
        AutoBackend auto = Tuned(quick, At(5, "managed", 1e-6), At(5, "quick", 2e-6), At(9, "managed", 2e-3), At(9, "quick", 1e-3));
        Assert.Same(ManagedBackend.Shared, auto.Explain(LinearAlgebraOperation.MatMul, [32, 32, 32]).Engine);
        Assert.Same(ManagedBackend.Shared, auto.Explain(LinearAlgebraOperation.MatMul, [4, 4, 4]).Engine);
        Assert.Same(quick, auto.Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]).Engine);
        Assert.Same(quick, auto.Explain(LinearAlgebraOperation.MatMul, [4000, 4000, 4000]).Engine);
        Assert.Same(quick, auto.Explain(LinearAlgebraOperation.MatMul, [4000, 500, 60], singlePrecision: true, maxThreads: 1).Engine);
        Assert.Same(ManagedBackend.Shared, auto.Explain(LinearAlgebraOperation.Svd, [500, 500]).Engine);

        string reason = auto.Explain(LinearAlgebraOperation.MatMul, [500, 500, 500], maxThreads: 2).Reason;
        Assert.Contains("quick 1 ms", reason, StringComparison.Ordinal);
        Assert.Contains("managed 2 ms", reason, StringComparison.Ordinal);
        Assert.Equal(OperationSource.Composed, auto.SourceOf(LinearAlgebraOperation.MatMul));
    }

    [Fact]
    public void An_engine_that_was_not_accurate_is_never_chosen()
    {
        StubEngine quick = new("quick");
        Assert.Same(ManagedBackend.Shared, Tuned(quick, At(9, "managed", 1), At(9, "quick", 1e-3, ratio: 30)).Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]).Engine);
        Assert.Same(ManagedBackend.Shared, Tuned(quick, At(9, "managed", 1), At(9, "quick", 1e-3, ratio: double.NaN)).Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]).Engine);
        EngineChoice wrong = Tuned(quick, At(9, "managed", 1), At(9, "quick", 1e-3, ratio: double.PositiveInfinity)).Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]);
        Assert.Same(ManagedBackend.Shared, wrong.Engine);
        Assert.Contains("not accurate", wrong.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Within_five_percent_the_managed_engine_stays()
        => Assert.Same(ManagedBackend.Shared, Tuned(new StubEngine("quick"), At(9, "managed", 1.04e-3), At(9, "quick", 1e-3)).Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]).Engine);

    [Fact]
    public void An_engine_that_is_missing_here_or_has_changed_is_passed_over_with_the_reason()
    {
        TuningTable table = Table([At(9, "managed", 3e-3), At(9, "quick", 1e-3)], quickVersion: "another version");
        AutoBackend changed = new(null, id => id == "quick" ? new StubEngine(id) : Backend.Get(id));
        changed.Use(table);
        EngineChoice choice = changed.Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]);
        Assert.Same(ManagedBackend.Shared, choice.Engine);
        Assert.Contains("has changed", choice.Reason, StringComparison.Ordinal);

        AutoBackend missing = new(null);
        missing.Use(table);
        Assert.Contains("not available here", missing.Explain(LinearAlgebraOperation.MatMul, [500, 500, 500]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_read_back_as_it_was_written_and_no_part_file_is_left()
    {
        TuningTable table = Table([At(5, "managed", 1.25e-6), At(9, "quick", 0.1, ratio: double.PositiveInfinity)]);
        TuningFile.Save(table, _folder.FullName);
        string path = TuningFile.Save(table, _folder.FullName);
        TuningTable read = Assert.IsType<TuningTable>(TuningFile.Load(_folder.FullName, out string reason));
        Assert.Equal("", reason);
        Assert.Equal(table.Measurements, read.Measurements);
        Assert.Equal(table.Engines.OrderBy(static e => e.Key), read.Engines.OrderBy(static e => e.Key));
        Assert.Equal(table.Measured, read.Measured);
        Assert.Equal(path, Assert.Single(_folder.GetFiles()).FullName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":1,\"measured\":\"2026-01-01T00:00:00Z\",\"machine\":{\"cpu\":\"\",\"isa\":\"\",\"cores\":1},\"engines\":{\"managed\":\"\"},\"measurements\":[{\"operation\":\"99\"}]}")]
    [InlineData("{\"format\":1,\"measured\":\"2026-01-01T00:00:00Z\",\"machine\":{\"cpu\":\"\",\"isa\":\"\",\"cores\":1},\"engines\":{\"managed\":\"\"},\"measurements\":[{\"operation\":\"MatMul\",\"dtype\":\"f64\",\"sequential\":true,\"aspect\":\"Square\",\"magnitude\":9,\"engine\":\"managed\",\"seconds\":-1,\"accuracy_ratio\":0}]}")]
    public void A_damaged_file_counts_as_none_and_can_be_replaced(string text)
    {
        File.WriteAllText(TuningFile.PathOf(_folder.FullName, MachineFingerprint.Current), text);
        AutoBackend auto = new(_folder.FullName);
        Assert.Null(auto.Table);
        Assert.Contains("damaged", auto.Describe().Reason, StringComparison.Ordinal);
        Assert.Same(ManagedBackend.Shared, auto.Explain(LinearAlgebraOperation.Svd, [9, 9]).Engine);

        TuningFile.Save(Table([At(9, "managed", 1)]), _folder.FullName);
        Assert.NotNull(new AutoBackend(_folder.FullName).Table);
    }

    [Fact]
    public void A_table_of_another_version_or_machine_is_stale()
    {
        TuningTable older = new(MachineFingerprint.Current, DateTimeOffset.UnixEpoch, new Dictionary<string, string> { ["managed"] = "Polyad 0.0.0" }, [At(9, "managed", 1)]);
        TuningFile.Save(older, _folder.FullName);
        Assert.Null(TuningFile.Load(_folder.FullName, out string reason));
        Assert.Contains("stale", reason, StringComparison.Ordinal);

        MachineFingerprint other = MachineFingerprint.Current with { Cores = 999 };
        File.Move(TuningFile.Save(new TuningTable(other, DateTimeOffset.UnixEpoch, new Dictionary<string, string> { ["managed"] = ManagedVersion }, []), _folder.FullName), TuningFile.PathOf(_folder.FullName, MachineFingerprint.Current), overwrite: true);
        Assert.Null(TuningFile.Load(_folder.FullName, out reason));
        Assert.Contains("another machine", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_are_those_of_the_engine_chosen_bit_for_bit()
    {
        AutoBackend auto = new(null);
        double[] a = [.. Enumerable.Range(0, 15).Select(static i => Math.Sin(i))], u = new double[15], s = new double[3], vt = new double[9], u2 = new double[15], s2 = new double[3], vt2 = new double[9];
        auto.Svd(new ReadOnlyMatrixView<double>(a, 5, 3), new MatrixView<double>(u, 5, 3), s, new MatrixView<double>(vt, 3, 3));
        ManagedBackend.Shared.Svd(new ReadOnlyMatrixView<double>(a, 5, 3), new MatrixView<double>(u2, 5, 3), s2, new MatrixView<double>(vt2, 3, 3));
        Assert.Equal(u2, u);
        Assert.Equal(s2, s);
        Assert.Equal(vt2, vt);
    }

    [Fact]
    public void The_engines_own_exceptions_pass()
    {
        AutoBackend auto = new(null);
        double[] a = [1, 0, 0, -1];
        NotPositiveDefiniteException thrown = Assert.Throws<NotPositiveDefiniteException>(() => auto.Cholesky(new ReadOnlyMatrixView<double>(a, 2, 2), new MatrixView<double>(new double[4], 2, 2)));
        Assert.Equal(2, thrown.Minor);
        a[3] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => auto.Lu(new ReadOnlyMatrixView<double>(a, 2, 2), new MatrixView<double>(new double[4], 2, 2), new int[2]));
        Assert.Equal(-1, auto.Lu(new ReadOnlyMatrixView<double>(a, 2, 2), new MatrixView<double>(new double[4], 2, 2), new int[2], new FactorizationOptions { CheckFinite = false }));
    }

    [Fact]
    public void Every_call_is_dispatched_by_the_class_that_Explain_names()
    {
        foreach ((int m, int n, int k, ShapeAspect aspect) in new[] { (64, 64, 64, ShapeAspect.Square), (64, 8, 8, ShapeAspect.Tall), (8, 64, 8, ShapeAspect.Wide), (8, 8, 64, ShapeAspect.Deep), (64, 64, 8, ShapeAspect.Flat), (64, 1, 64, ShapeAspect.Vector) })
        {
            Assert.Equal(aspect, ShapeClass.Of(LinearAlgebraOperation.MatMul, [m, n, k], 0, false, false).Aspect);
        }

        Assert.Equal(ShapeAspect.MiddleMode, ShapeClass.Of(LinearAlgebraOperation.Mttkrp, [8, 8, 8], 1, false, false).Aspect);
        Assert.Equal(3, ShapeClass.Of(LinearAlgebraOperation.Fold, [8, 8, 8], 1, false, false).Magnitude);
        Assert.Equal(10, ShapeClass.Of(LinearAlgebraOperation.Svd, [1000, 1000], 0, false, false).Magnitude);
        Assert.Throws<ArgumentException>(() => ShapeClass.Of(LinearAlgebraOperation.MatMul, [3, 3], 0, false, false));
        HashSet<int> seen = [];
        foreach (LinearAlgebraOperation operation in Enum.GetValues<LinearAlgebraOperation>())
        {
            foreach (ShapeAspect aspect in Enum.GetValues<ShapeAspect>())
            {
                foreach ((bool single, bool sequential) in new[] { (false, false), (false, true), (true, false), (true, true) })
                {
                    for (int magnitude = 0; magnitude <= ShapeClass.MaxMagnitude; magnitude++)
                    {
                        Assert.True(seen.Add(new ShapeClass(operation, single, sequential, aspect, magnitude).Index));
                    }
                }
            }
        }

        Assert.Equal(ShapeClass.Count, seen.Count);
        Assert.Equal(ShapeClass.Count - 1, seen.Max());
    }

    [Fact]
    public void Tables_are_swapped_while_other_threads_multiply()
    {
        AutoBackend auto = new(null, static id => id == "quick" ? new ManagedBackend(1) : Backend.Get(id));
        TuningTable[] tables = [Table([At(3, "managed", 1)]), Table([At(3, "managed", 2), At(3, "quick", 1)], quickVersion: TuningTable.VersionOf(new ManagedBackend(1).Describe()))];
        double[] a = [.. Enumerable.Range(0, 64).Select(static i => Math.Cos(i))], expected = new double[64];
        ManagedBackend.Shared.MatMul(1, new ReadOnlyMatrixView<double>(a, 8, 8), new ReadOnlyMatrixView<double>(a, 8, 8), 0, new MatrixView<double>(expected, 8, 8));
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, worker =>
        {
            double[] c = new double[64];
            for (int i = 0; i < 500; i++)
            {
                if (worker == 0)
                {
                    auto.Use(tables[i % 2]);
                }

                auto.MatMul(1, new ReadOnlyMatrixView<double>(a, 8, 8), new ReadOnlyMatrixView<double>(a, 8, 8), 0, new MatrixView<double>(c, 8, 8));
                Assert.Equal(expected, c);
            }
        });
    }

    private static TuningMeasurement At(int magnitude, string engine, double seconds, double ratio = 1)
        => new(new ShapeClass(LinearAlgebraOperation.MatMul, false, false, ShapeAspect.Square, magnitude), engine, seconds, ratio);

    private static TuningTable Table(TuningMeasurement[] measurements, string? quickVersion = null)
        => new(MachineFingerprint.Current, DateTimeOffset.UnixEpoch, new Dictionary<string, string> { ["managed"] = ManagedVersion, ["quick"] = quickVersion ?? TuningTable.VersionOf(new StubEngine("quick").Describe()) }, measurements);

    private static AutoBackend Tuned(StubEngine quick, params TuningMeasurement[] measurements)
    {
        AutoBackend auto = new(null, id => id == quick.Id ? quick : Backend.Get(id));
        auto.Use(Table(measurements));
        return auto;
    }
}
