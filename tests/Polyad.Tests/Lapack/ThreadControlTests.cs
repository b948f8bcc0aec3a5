using Polyad.Lapack;
using Xunit;

namespace Polyad.Tests.Lapack;

/// <summary>A library's thread setting is limited while calls run and is the caller's again afterwards.</summary>
public sealed class ThreadControlTests
{
    [Fact]
    public void Overlapping_calls_on_a_shared_setting_get_the_smallest_limit_and_the_last_restores()
    {
        RecordedSetting setting = new() { Value = 8 };
        SharedThreadControl control = new(setting);
        ThreadControl.Scope wide = control.Use(4);
        Assert.Equal(4, setting.Value);
        ThreadControl.Scope narrow = control.Use(1);
        Assert.Equal(1, setting.Value);
        Assert.Equal(8, control.Current);
        wide.Dispose();
        Assert.Equal(1, setting.Value);
        narrow.Dispose();
        Assert.Equal(8, setting.Value);
    }

    [Fact]
    public void A_limit_that_is_in_force_already_is_not_written_again()
    {
        RecordedSetting setting = new() { Value = 1 };
        SharedThreadControl control = new(setting);
        for (int i = 0; i < 5; i++)
        {
            control.Use(1).Dispose();
        }

        Assert.Equal(0, setting.Writes);
    }

    [Fact]
    public void A_shared_setting_survives_eight_threads_that_use_it_at_once()
    {
        RecordedSetting setting = new() { Value = 6 };
        SharedThreadControl control = new(setting);
        System.Threading.Tasks.Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using ThreadControl.Scope scope = control.Use(1 + (i % 5));
            if (setting.Value > 1 + (i % 5))
            {
                throw new InvalidOperationException("more threads than asked for");
            }
        });
        Assert.Equal(6, setting.Value);
    }

    [Fact]
    public void A_private_setting_is_restored_as_found()
    {
        RecordedSetting setting = new() { Value = -1 };
        PrivateThreadControl control = new(setting);
        using (control.Use(2))
        {
            Assert.Equal(2, setting.Value);
        }

        Assert.Equal(-1, setting.Value);
    }

    private sealed class RecordedSetting : ThreadSetting
    {
        public int Value { get; set; }

        public int Writes { get; private set; }

        public override int Read() => Value;

        public override void Write(int threads)
        {
            Value = threads;
            Writes++;
        }
    }
}
