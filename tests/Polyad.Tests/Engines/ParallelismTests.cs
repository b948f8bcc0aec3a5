using Xunit;

namespace Polyad.Tests.Engines;

public sealed class ParallelismTests
{
    [Fact]
    public void Scopes_nest_flow_and_restore()
    {
        Assert.Equal(Environment.ProcessorCount, Parallelism.Current.MaxThreads);
        using (Parallelism.Use(3))
        {
            Assert.Equal(3, Parallelism.Current.MaxThreads);
            using (Parallelism.Use(1))
            {
                Assert.Equal(Parallelism.Sequential, Parallelism.Current);
            }

            Assert.Equal(3, Parallelism.Current.MaxThreads);
        }

        Assert.Equal(Parallelism.Default, Parallelism.Current);
    }

    [Fact]
    public void Disposing_out_of_order_throws()
    {
        IDisposable outer = Parallelism.Use(2), inner = Parallelism.Use(1);
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Less_than_one_thread_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Parallelism.Use(0));

    [Fact]
    public void Small_work_stays_on_one_thread_and_no_work_gets_more_than_asked()
    {
        Parallelism four = new(4);
        Assert.Equal(1, four.ThreadsForFlops(Parallelism.FlopsPerThread));
        Assert.Equal(2, four.ThreadsForFlops(2.5 * Parallelism.FlopsPerThread));
        Assert.Equal(4, four.ThreadsForFlops(1e15));
        Assert.Equal(1, four.ThreadsForBytes(1000));
        Assert.Equal(1, Parallelism.Sequential.ThreadsForFlops(1e15));
        Assert.Equal(2, four.Min(new Parallelism(2)).MaxThreads);
    }

    [Theory]
    [InlineData(0, 3, 8)]
    [InlineData(1, 3, 8)]
    [InlineData(100, 3, 8)]
    [InlineData(1000, 7, 1)]
    [InlineData(int.MaxValue, 5, 16)]
    public void Ranges_of_a_team_cover_the_work_once_at_multiples_of_the_granule(int length, int parts, int granule)
    {
        int at = 0;
        for (int index = 0; index < parts; index++)
        {
            (int start, int end) = WorkTeam.Range(length, parts, index, granule);
            Assert.Equal(at, start);
            Assert.True(end >= start);
            Assert.True(end == length || end % granule == 0);
            at = end;
        }

        Assert.Equal(length, at);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_team_runs_every_part_once(int threads)
    {
        int[] ran = new int[100];
        WorkTeam.Run(ran.Length, threads, i => Interlocked.Increment(ref ran[i]));
        Assert.All(ran, n => Assert.Equal(1, n));
    }
}
