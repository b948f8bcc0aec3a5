using Polyad.Lapack;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>What the engines make of libraries that are incomplete, unusual, wrong or harmful.</summary>
public sealed class FakeLibraryTests
{
    [Fact]
    public void What_a_library_lacks_is_composed_or_filled_in_and_listed_so()
    {
        LapackBackend engine = Open(FakeLibrary.Compile("partial", "WITH_LU"));
        BackendInfo info = engine.Describe();
        Assert.Contains("dgemm", info.NativeSymbols);
        Assert.Contains("dgetrf", info.NativeSymbols);
        Assert.Contains("dsyrk", info.ComposedSymbols);
        Assert.Contains("dgesdd", info.ManagedSymbols);
        Assert.Contains("dtrsm", info.ManagedSymbols);
        Assert.Equal(OperationSource.Native, engine.SourceOf(LinearAlgebraOperation.Lu));
        Assert.Equal(OperationSource.Composed, engine.SourceOf(LinearAlgebraOperation.Gram));
        Assert.Equal(OperationSource.Managed, engine.SourceOf(LinearAlgebraOperation.Svd));
        Agree(engine);
    }

    [Fact]
    public void Sixty_four_bit_integers_with_their_suffix_are_found_and_used()
    {
        LapackBackend engine = Open(FakeLibrary.Compile("wide", "WITH_LU", "WITH_POTRF", "INT=long", "NAME(x)=x##_64_"));
        Assert.EndsWith("ILP64", engine.Describe().Version, StringComparison.Ordinal);
        Agree(engine);
    }

    [Fact]
    public void Sixty_four_bit_integers_are_found_under_a_plain_name_by_behaviour()
        => Assert.EndsWith("ILP64", Open(FakeLibrary.Compile("plain", "WITH_LU", "INT=long")).Describe().Version, StringComparison.Ordinal);

    [Theory]
    [InlineData("NAME(x)=x")]
    [InlineData("NAME(x)=x##__")]
    [InlineData("NAME(x)=x##_64")]
    public void Every_known_suffix_is_found(string mangling)
    {
        LapackBackend engine = Open(FakeLibrary.Compile("suffix", mangling, "WITH_POTRF"));
        Assert.EndsWith(" LP64", " " + engine.Describe().Version, StringComparison.Ordinal);
        Agree(engine);
    }

    [Fact]
    public void Layers_fill_each_other_in()
    {
        string first = FakeLibrary.Compile("first"), second = FakeLibrary.Compile("second", "WITH_POTRF", "NAME(x)=x");
        LapackBackend engine = Open($"{first}+{second}");
        Assert.Equal(OperationSource.Native, engine.SourceOf(LinearAlgebraOperation.Cholesky));
        Agree(engine);
    }

    [Fact]
    public void Layers_of_different_integers_are_refused()
        => Assert.Contains("INTEGER", Refusal($"{FakeLibrary.Compile("narrow")}+{FakeLibrary.Compile("broad", "INT=long")}"), StringComparison.Ordinal);

    [Fact]
    public void Wrong_products_are_refused_by_the_self_test()
    {
        string reason = Refusal(FakeLibrary.Compile("wrong", "SCALE=1.001"));
        Assert.Contains("self-test", reason, StringComparison.Ordinal);
        Assert.Contains("dgemm", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_ends_the_process_when_loaded_is_refused_and_the_process_lives()
        => Assert.Contains("ends the process", Refusal(FakeLibrary.Compile("aborting", "ABORTS")), StringComparison.Ordinal);

    [Fact]
    public void A_library_that_hangs_when_loaded_is_refused()
        => Assert.Contains("does not come back", LibraryTrial.Refusal(FakeLibrary.Compile("hanging", "HANGS"), TimeSpan.FromSeconds(0.5))!, StringComparison.Ordinal);

    [Fact]
    public void A_sound_library_passes_its_trial_whatever_its_path_holds()
        => Assert.Null(LibraryTrial.Refusal(FakeLibrary.Compile("sound: and well")));

    [Fact]
    public void A_library_that_is_no_BLAS_is_refused()
        => Assert.Contains("no BLAS or LAPACK routine", Refusal(FakeLibrary.Compile("other", "NAME(x)=other_##x")), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_library_and_a_missing_file_are_refused_within_a_second()
    {
        string text = Path.GetTempFileName();
        File.WriteAllText(text, "not a library");
        ShortestTime.IsUnder(TimeSpan.FromSeconds(1), () =>
        {
            Assert.Contains("cannot be loaded", Refusal(text), StringComparison.Ordinal);
            Assert.Contains("no file", Refusal("/nowhere/libblas.so"), StringComparison.Ordinal);
            Assert.Contains("name a library", Refusal(""), StringComparison.Ordinal);
        });
        File.Delete(text);
    }

    private static LapackBackend Open(string path) => new EngineShelf().Get("lapack:" + path, () => NativeLibraryFinder.ByPath("lapack:" + path));

    private static string Refusal(string path) => Assert.Throws<BackendUnavailableException>(() => Open(path)).Reason!;

    /// <summary>Products and factorizations, native or filled in, against the managed engine.</summary>
    private static void Agree(LapackBackend engine)
    {
        const int N = 31;
        double[,] a = new double[N, N], c = new double[N, N], right = new double[N, N];
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                a[i, j] = (i == j ? N : 0) + Math.Sin((3 * Math.Max(i, j)) + Math.Min(i, j));
            }
        }

        int[] pivots = new int[N], rightPivots = new int[N];
        Check(e => e.MatMul<double>(2, a, a, 0, e == engine ? c : right));
        Check(e => e.Gram<double>(1, a, 0, e == engine ? c : right));
        Check(e => e.Cholesky<double>(a, e == engine ? c : right));
        Check(e => e.Lu<double>(a, e == engine ? c : right, e == engine ? pivots : rightPivots));
        Assert.Equal(rightPivots, pivots);

        void Check(Action<ILinearAlgebraBackend> operation)
        {
            operation(engine);
            operation(ManagedBackend.Shared);
            for (int i = 0; i < N; i++)
            {
                for (int j = 0; j < N; j++)
                {
                    Assert.Equal(right[i, j], c[i, j], 1e-11 * N);
                }
            }
        }
    }
}
