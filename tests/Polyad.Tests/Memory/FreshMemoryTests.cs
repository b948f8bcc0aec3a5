using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.Memory;

public sealed class FreshMemoryTests
{
    /// <summary>Around the sizes from which pages are made ahead (1 MiB) and large ones are asked for (2 MiB, and what holds whole ones wherever it begins).</summary>
    public static TheoryData<int> Sizes => [0, 1, 1000, (1 << 17) - 1, 1 << 17, (1 << 18) + 3, (1 << 19) - 1, 1_000_003, 5_000_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Zeros_are_zeros_also_where_other_numbers_were_before(int count)
    {
        for (int round = 0; round < 3; round++)
        {
            Tensor<double> zeros = FreshMemory.Zeros<double>([count]);
            Assert.Equal(count, zeros.FlattenedLength);
            Assert.True(LinearAlgebra.Elements(zeros).IndexOfAnyExcept(0.0) < 0);
            LinearAlgebra.Elements(zeros).Fill(7);
            zeros = null!;
            GC.Collect();
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Making_memory_present_leaves_what_it_holds(int count)
    {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = i;
        }

        FreshMemory.Populate<double>(numbers);
        FreshMemory.Populate<double>(numbers.AsSpan(count / 3));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, numbers[i]);
        }
    }

    [Fact]
    public void Tensors_of_any_shape_are_dense()
    {
        Tensor<float> tensor = FreshMemory.Uninitialized<float>([3, 0, 5]), cube = FreshMemory.Uninitialized<float>([70, 80, 90]);
        Assert.Equal([3, 0, 5], tensor.Lengths.ToArray());
        Assert.Equal([7200, 90, 1], cube.Strides.ToArray());
    }

    [Fact]
    public unsafe void Large_scratch_begins_a_large_page()
    {
        using Scratch<double> scratch = Workspace.Rent<double>(1_234_567);
        Assert.Equal((nuint)0, (nuint)scratch.Pointer % FreshMemory.LargePage);
        scratch.Span.Fill(1);
        Assert.True(scratch.Span.IndexOfAnyExcept(1.0) < 0);
    }
}
