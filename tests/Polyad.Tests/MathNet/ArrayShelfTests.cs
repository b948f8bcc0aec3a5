using Polyad.MathNet;
using Xunit;

namespace Polyad.Tests.MathNetContract;

public sealed class ArrayShelfTests
{
    [Fact]
    public void An_array_is_given_out_again_by_exact_length_and_type_and_to_one_call_only()
    {
        ArrayShelf shelf = new();
        double[] array = new double[5000];
        shelf.Put(array);

        Assert.Null(shelf.Take<double>(4999));
        Assert.Null(shelf.Take<float>(5000));
        Assert.Same(array, shelf.Take<double>(5000));
        Assert.Null(shelf.Take<double>(5000));
        GC.KeepAlive(array);
    }

    [Fact]
    public void Arrays_of_a_call_are_distinct_and_those_created_hold_zeros()
    {
        ArrayShelf shelf = new();
        double[] left;
        using (CallArrays call = new(shelf))
        {
            left = call.Create<double>(100, 50);
            Array.Fill(left, double.NaN);
        }

        using CallArrays next = new(shelf);
        double[] first = next.Create<double>(50, 100), second = next.Create<double>(50, 100);
        Assert.Same(left, first);
        Assert.NotSame(first, second);
        Assert.All(first, static x => Assert.Equal(0, x));
    }

    [Fact]
    public void Concurrent_calls_never_share_an_array()
    {
        ArrayShelf shelf = new();
        Parallel.For(0, 2000, i =>
        {
            using CallArrays call = new(shelf);
            int[] a = call.Create<int>(64, 64 + (i % 3)), b = call.Create<int>(64, 64 + (i % 3));
            Array.Fill(a, i);
            Array.Fill(b, -i);
            Assert.DoesNotContain(a, x => x != i);
            Assert.DoesNotContain(b, x => x != -i);
        });
    }
}
