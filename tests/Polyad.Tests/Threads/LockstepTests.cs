using Xunit;

namespace Polyad.Tests.Threads;

public sealed class LockstepTests
{
    private const int Steps = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Each_role_reads_what_all_have_written_in_the_step(int roles)
    {
        for (int round = 0; round < 20; round++)
        {
            // As users do: two sets take turns, since others may still read those of the step before.
            long[] sums = new long[roles], shared = new long[2 * roles];
            Lockstep.Run(roles, Steps, (role, team) =>
            {
                long sum = 1;
                for (int step = 0; step < Steps; step++)
                {
                    Span<long> set = shared.AsSpan(step % 2 * roles, roles);
                    for (int share = role; share < team.Roles; share = team.NextShare(role, share))
                    {
                        set[share] = (sum * 31) + share;
                        team.Complete(share);
                    }

                    team.Meet(role);
                    foreach (long value in set)
                    {
                        sum = (sum * 17) + value;
                    }
                }

                sums[role] = sum;
            });

            long expected = 1;
            for (int step = 0; step < Steps; step++)
            {
                long before = expected;
                for (int share = 0; share < roles; share++)
                {
                    expected = (expected * 17) + (before * 31) + share;
                }
            }

            Assert.Equal(expected, sums[0]);
            Assert.All(sums, sum => Assert.True(sum == expected || sum == 0));
        }
    }

    [Fact]
    public void The_caller_does_the_shares_of_a_helper_that_does_not_come()
    {
        Lockstep team = new(2);
        int shares = 0;
        Assert.True(team.Begin(0));
        for (int step = 0; step < Steps; step++)
        {
            for (int share = 0; share < team.Roles; share = team.NextShare(0, share))
            {
                shares++;
                team.Complete(share);
            }

            team.Meet(0);
        }

        Assert.Equal(2 * Steps, shares);
        Assert.False(team.Begin(1));
        team.Wait(0, Steps);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_one_role_throws_ends_the_others(int failing)
    {
        for (int round = 0; round < 20; round++)
        {
            InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => Lockstep.Run(2, Steps, (role, team) =>
            {
                for (int step = 0; step < Steps; step++)
                {
                    for (int share = role; share < team.Roles; share = team.NextShare(role, share))
                    {
                        if (share == failing && step == Steps / 2)
                        {
                            throw new InvalidDataException("step");
                        }

                        team.Complete(share);
                    }

                    team.Meet(role);
                }
            }));
            Assert.Equal("step", thrown.Message);
        }
    }
}
