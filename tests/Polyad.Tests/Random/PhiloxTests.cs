using Xunit;

namespace Polyad.Tests.RandomNumbers;

public class PhiloxTests
{
    /// <summary>The vectors published with Random123: counter, key, output words.</summary>
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        { [~0u, ~0u, ~0u, ~0u], [~0u, ~0u], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
        { [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1] },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Block_gives_the_published_vectors(uint[] counter, uint[] key, uint[] expected)
    {
        (ulong low, ulong high) = Philox.Block(Join(key[0], key[1]), Join(counter[2], counter[3]), Join(counter[0], counter[1]));
        Assert.Equal(Join(expected[0], expected[1]), low);
        Assert.Equal(Join(expected[2], expected[3]), high);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0xFFFFFFF9UL)]
    [InlineData(ulong.MaxValue / 2 - 5)]
    public void Fill_is_the_sequence_of_blocks_also_across_word_carries_and_the_end(ulong block)
    {
        const ulong Seed = 0x0123456789ABCDEF, Stream = 0xFEDCBA9876543210;
        ulong[] words = new ulong[200];
        Philox.Fill(Seed, Stream, 2 * block, words);
        for (int i = 0; i < words.Length; i += 2)
        {
            // The words are numbered by 64 bits, their blocks by 63: the last word is followed by word 0.
            (ulong low, ulong high) = Philox.Block(Seed, Stream, ((2 * block) + (ulong)i) / 2);
            Assert.Equal(low, words[i]);
            Assert.Equal(high, words[i + 1]);
        }
    }

    private static ulong Join(uint low, uint high) => low | ((ulong)high << 32);
}
