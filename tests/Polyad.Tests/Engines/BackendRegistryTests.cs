using System.Diagnostics;
using Xunit;

namespace Polyad.Tests.Engines;

/// <summary>The registry is process-wide: these tests add ids of their own and leave the default alone.</summary>
public sealed class BackendRegistryTests
{
    [Fact]
    public void The_managed_engine_is_always_there()
    {
        Assert.Contains("managed", Backend.Ids);
        Assert.Same(ManagedBackend.Shared, Backend.Get("managed"));
        Assert.Same(Backend.Get("managed"), Backend.Get("MANAGED"));
        BackendInfo info = Assert.Single(Backend.Probe(), i => i.Id == "managed");
        Assert.True(info.Available);
        Assert.Equal(ManagedBackend.Isa, info.Isa);
        Assert.Null(info.Reason);
        Assert.Equal(Enum.GetValues<LinearAlgebraOperation>().Length, info.ManagedSymbols.Count);
        Assert.Equal(OperationSource.Managed, ManagedBackend.Shared.SourceOf(LinearAlgebraOperation.Svd));
    }

    [Fact]
    public void An_unknown_id_is_refused_and_the_message_lists_the_known_ones()
    {
        BackendUnavailableException thrown = Assert.Throws<BackendUnavailableException>(() => Backend.Get("no-such-engine"));
        Assert.Equal("no-such-engine", thrown.Id);
        Assert.Contains("no-such-engine", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("managed", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<BackendUnavailableException>(() => Backend.Use("no-such-engine"));
        Assert.ThrowsAny<ArgumentException>(() => Backend.Get(" "));
    }

    [Fact]
    public void An_engine_that_cannot_be_made_says_why_and_a_broken_probe_is_listed()
    {
        Backend.Register(new BackendRegistration("test-broken", () => throw new DllNotFoundException("libnothing.so is not installed"), () => throw new InvalidOperationException("probe failed")));
        BackendUnavailableException thrown = Assert.Throws<BackendUnavailableException>(() => Backend.Get("test-broken"));
        Assert.Contains("libnothing.so", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<DllNotFoundException>(thrown.InnerException);
        BackendInfo info = Assert.Single(Backend.Probe(), i => i.Id == "test-broken");
        Assert.False(info.Available);
        Assert.Equal("probe failed", info.Reason);
    }

    [Fact]
    public void A_family_id_serves_every_id_that_begins_with_it()
    {
        Backend.Register(new BackendRegistration("test-family:", id => new StubEngine(id), () => new BackendInfo { Id = "test-family:", Available = false }));
        Assert.Equal("test-family:/some/library.so", Backend.Get("test-family:/some/library.so").Id);
        Assert.Throws<BackendUnavailableException>(() => Backend.Get("test-family"));
    }

    [Fact]
    public void Scopes_nest_and_restore_what_they_found()
    {
        StubEngine one = new("one"), two = new("two");
        ILinearAlgebraBackend before = Backend.Current;
        using (Backend.Use(one))
        {
            Assert.Same(one, Backend.Current);
            using (Backend.Use(two))
            {
                Assert.Same(two, Backend.Current);
            }

            Assert.Same(one, Backend.Current);
        }

        Assert.Same(before, Backend.Current);
    }

    [Fact]
    public void Disposing_out_of_order_throws_and_changes_nothing()
    {
        StubEngine one = new("one"), two = new("two");
        IDisposable outer = Backend.Use(one), inner = Backend.Use(two);
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        Assert.Same(two, Backend.Current);
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.NotSame(one, Backend.Current);
    }

    [Fact]
    public async Task A_scope_flows_across_await()
    {
        StubEngine one = new("one");
        using (Backend.Use(one))
        {
            await Task.Yield();
            Assert.Same(one, Backend.Current);
            Assert.Same(one, await Task.Run(() => Backend.Current, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Parallel_flows_do_not_see_each_other()
    {
        ILinearAlgebraBackend before = Backend.Current;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            StubEngine mine = new($"flow {i}");
            using (Backend.Use(mine))
            {
                for (int step = 0; step < 20; step++)
                {
                    await Task.Delay(1);
                    Assert.Same(mine, Backend.Current);
                }
            }
        }));
        Assert.Same(before, Backend.Current);
    }

    [Fact]
    public void The_default_and_the_scope_refuse_null()
    {
        Assert.Throws<ArgumentNullException>(() => Backend.Default = null!);
        Assert.Throws<ArgumentNullException>(() => Backend.Use((ILinearAlgebraBackend)null!));
        Assert.Throws<ArgumentNullException>(() => Backend.Register(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ManagedBackend(0));
    }

    [Theory]
    [InlineData("managed", "managed", 0)]
    [InlineData("  managed ", "managed", 0)]
    [InlineData("", "managed", 0)]
    [InlineData("nonsense", "nonsense", 1)]
    public async Task The_environment_variable_chooses_the_default_of_a_process(string value, string expected, int failed)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Polyad.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        ProcessStartInfo start = new(program, ["-method", typeof(BackendRegistryTests).FullName + "." + nameof(The_default_is_the_one_that_a_parent_expects)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["POLYAD_BACKEND"] = value;
        start.Environment["POLYAD_TEST_EXPECTED_DEFAULT"] = expected;
        using Process child = Process.Start(start)!;
        string printed = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True((child.ExitCode == 0) == (failed == 0), printed);
        Assert.True(failed == 0 || printed.Contains($"'{expected}' is not available", StringComparison.Ordinal), printed);
    }

    [Fact]
    public void The_default_is_the_one_that_a_parent_expects()
    {
        if (Environment.GetEnvironmentVariable("POLYAD_TEST_EXPECTED_DEFAULT") is { } expected)
        {
            Assert.Equal(expected, Backend.Default.Id);
        }
    }
}
