using Xunit;

namespace Polyad.Tests.Memory;

/// <summary>Other tests rent at the same time, so these use sizes that nobody else asks for, or look at one thread's own blocks.</summary>
public sealed class WorkspaceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(513)]
    [InlineData(100_003)]
    [InlineData(3_000_001)]
    public unsafe void Scratch_is_aligned_to_64_bytes_and_long_enough(int count)
    {
        using Scratch<double> scratch = Workspace.Rent<double>(count);
        Assert.Equal(0, (nint)scratch.Pointer % 64);
        Assert.Equal(count, scratch.Length);
        scratch.Span.Fill(1);
        scratch.Clear();
        Assert.True(scratch.Span.IndexOfAnyExcept(0.0) < 0);
    }

    [Fact]
    public void Two_rentals_never_share_memory()
    {
        using Scratch<double> a = Workspace.Rent<double>(1000), b = Workspace.Rent<double>(1000);
        a.Span.Fill(1);
        b.Span.Fill(2);
        Assert.True(a.Span.IndexOfAnyExcept(1.0) < 0);
    }

    [Fact]
    public void Ten_thousand_rentals_keep_the_pool_flat()
    {
        Round();
        long before = Workspace.RetainedBytes + Workspace.RentedBytes;
        for (int i = 0; i < 10_000; i++)
        {
            Round();
        }

        long grown = Workspace.RetainedBytes + Workspace.RentedBytes - before;
        Assert.True(grown < 4L << 30, $"the pool grew by {grown} bytes"); // Kept, they would be 60 GB; other tests rent meanwhile.

        static void Round()
        {
            using Scratch<float> a = Workspace.Rent<float>(777_777), b = Workspace.Rent<float>(777_777);
        }
    }

    [Fact]
    public void The_peak_counts_what_is_rented_at_once()
    {
        using Scratch<byte> a = Workspace.Rent<byte>(5 << 20), b = Workspace.Rent<byte>(5 << 20);
        Assert.True(Workspace.RentedBytes >= 10 << 20);
        Assert.True(Workspace.PeakBytes >= 10 << 20);
    }

    [Fact]
    public void Buckets_hold_what_is_asked_and_waste_little()
    {
        for (nuint bytes = 1; bytes < 1 << 28; bytes = (bytes * 9 / 8) + 1)
        {
            nuint bucket = Workspace.Bucket(bytes);
            Assert.True(bucket >= bytes);
            Assert.True(bytes <= 4096 || bucket <= 2 * bytes);
            Assert.True(bytes <= 1 << 20 || bucket <= bytes * 3 / 2);
        }
    }

    [Fact]
    public void A_negative_count_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Workspace.Rent<double>(-1).Dispose());
}
