using Xunit;

namespace Polyad.Tests.Threads;

public sealed class WorkTeamTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(1000, 2)]
    [InlineData(1000, 7)]
    public void Every_part_runs_once(int count, int threads)
    {
        for (int round = 0; round < 50; round++)
        {
            int[] runs = new int[count];
            WorkTeam.Run(count, threads, part => Interlocked.Increment(ref runs[part]));
            Assert.All(runs, static n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Never_more_threads_than_asked_for()
    {
        int inside = 0, most = 0;
        WorkTeam.Run(200, 2, _ =>
        {
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            Thread.SpinWait(2000);
            Interlocked.Decrement(ref inside);
        });
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public void Calls_nest()
    {
        int[] runs = new int[6 * 5 * 4];
        WorkTeam.Run(6, 3, i => WorkTeam.Run(5, 3, j => WorkTeam.Run(4, 3, k => Interlocked.Increment(ref runs[(((i * 5) + j) * 4) + k]))));
        Assert.All(runs, static n => Assert.Equal(1, n));
    }

    [Fact]
    public async Task Callers_on_every_pool_thread_do_not_wait_for_each_other()
    {
        int callers = 8 * Environment.ProcessorCount, parts = 0;
        Task[] tasks = [.. Enumerable.Range(0, callers).Select(_ => Task.Run(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                WorkTeam.Run(8, 4, _ => Interlocked.Increment(ref parts));
            }
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(callers * 100 * 8, parts);
    }

    [Fact]
    public void What_a_part_throws_reaches_the_caller_once_no_part_runs_any_more()
    {
        int inside = 0;
        for (int round = 0; round < 20; round++)
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => WorkTeam.Run(64, 4, part =>
            {
                Interlocked.Increment(ref inside);
                try
                {
                    Thread.SpinWait(100);
                    if (part % 3 == 1)
                    {
                        throw new InvalidOperationException("part " + part);
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref inside);
                }
            }));
            Assert.Equal(0, inside);
            Assert.StartsWith("part ", thrown.Message, StringComparison.Ordinal);
        }

        int runs = 0;
        WorkTeam.Run(64, 4, _ => Interlocked.Increment(ref runs));
        Assert.Equal(64, runs);
    }

    [Fact]
    public void Parts_see_the_callers_ambient_limit()
    {
        using IDisposable scope = Parallelism.Use(3);
        int wrong = 0;
        WorkTeam.Run(100, 3, _ =>
        {
            Thread.SpinWait(500);
            if (Parallelism.Current.MaxThreads != 3)
            {
                Interlocked.Increment(ref wrong);
            }
        });
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(1000, 4, 16)]
    [InlineData(7, 4, 16)]
    [InlineData(0, 3, 8)]
    public void Triangle_ranges_cover_the_range_in_order(int length, int parts, int granule)
    {
        foreach (bool growing in new[] { false, true })
        {
            int next = 0;
            for (int part = 0; part < parts; part++)
            {
                (int from, int to) = WorkTeam.TriangleRange(length, parts, part, granule, growing);
                Assert.Equal(next, from);
                Assert.True(to >= from && (to % granule == 0 || to == length));
                next = to;
            }

            Assert.Equal(length, next);
        }
    }

    [Fact]
    public void Triangle_ranges_carry_equal_work()
    {
        for (int part = 0; part < 4; part++)
        {
            (int from, int to) = WorkTeam.TriangleRange(10_000, 4, part, 1, growing: true);
            double area = (((double)to * to) - ((double)from * from)) / 1e8;
            Assert.InRange(area, 0.2498, 0.2502);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Meeting_parts_are_large_at_the_ends_and_small_where_threads_meet(int threads)
    {
        int parts = WorkTeam.MeetingParts(threads);
        double[] work = [.. Enumerable.Range(0, parts).Select(part => WorkTeam.MeetingCut(threads, part + 1) - WorkTeam.MeetingCut(threads, part))];
        Assert.Equal(0, WorkTeam.MeetingCut(threads, 0));
        Assert.Equal(1, WorkTeam.MeetingCut(threads, parts));
        Assert.All(work, share => Assert.InRange(share, 1e-3, 1.0 / threads));

        // The caller's part in front, those of the helpers behind, one each; what lies between is less than any of them.
        double large = work[0];
        Assert.All(work[(1 + threads)..], share => Assert.Equal(large, share, 1e-12));
        Assert.All(work[1..(1 + threads)], share => Assert.True(share < large / 4));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
