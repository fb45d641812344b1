using NUnit.Framework;

namespace VkInception.Tests.Core;

[TestFixture]
public sealed class PhiloxTests
{
    // The rows "philox4x32 10" of Random123's own known-answer vectors.
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Answers_as_the_reference(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x, uint y, uint z, uint w)
        => Assert.That(Philox.Block((k0, k1), (c0, c1, c2, c3)), Is.EqualTo((x, y, z, w)));

    [Test]
    public void Seed_stream_and_block_lie_where_the_documentation_says()
        => Assert.That(Philox.Block(0x299f31d0_a4093822, 0x03707344_13198a2e, 0x85a308d3_243f6a88), Is.EqualTo((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)));

    [Test]
    public void A_stream_gives_the_words_of_its_blocks_in_order()
    {
        var stream = new PhiloxStream(11, 22);
        for (ulong block = 0; block < 3; block++)
        {
            (uint x, uint y, uint z, uint w) = Philox.Block(11, 22, block);
            uint[] drawn = [stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32(), stream.NextUInt32()];
            Assert.That(drawn, Is.EqualTo(new[] { x, y, z, w }));
        }
    }

    [Test]
    public void A_stream_goes_on_from_any_position()
    {
        var whole = new PhiloxStream(5, ulong.MaxValue);
        for (ulong position = 0; position < 20; position++)
        {
            var resumed = new PhiloxStream(5, ulong.MaxValue, position);
            Assert.That(whole.Position, Is.EqualTo(position));
            Assert.That(whole.NextUInt32(), Is.EqualTo(resumed.NextUInt32()));
        }
        var fresh = new PhiloxStream(0, 0);
        PhiloxStream none = default;
        Assert.That(none.NextUInt32(), Is.EqualTo(fresh.NextUInt32()));
    }

    [Test]
    public void Uniforms_fill_the_unit_interval_and_never_reach_one()
    {
        Assert.That((Philox.Uniform(0), Philox.Uniform(255), Philox.Uniform(256)), Is.EqualTo((0f, 0f, 1f / (1 << 24))));
        Assert.That(Philox.Uniform(uint.MaxValue), Is.EqualTo(1 - 1f / (1 << 24)));
        var stream = new PhiloxStream(1, 1);
        double sum = 0;
        for (int i = 0; i < 100_000; i++) sum += stream.NextSingle();
        // Five standard errors: 5 / sqrt(12 * 100000).
        Assert.That(sum / 100_000, Is.EqualTo(0.5).Within(0.0046));
    }

    [Test]
    public void Normals_have_their_moments()
    {
        var stream = new PhiloxStream(2, 1);
        double sum = 0, squares = 0, fourths = 0;
        const int Count = 200_000;
        for (int i = 0; i < Count; i++)
        {
            double x = stream.NextNormal();
            Assert.That(Math.Abs(x), Is.LessThan(5.78));
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
        }
        Assert.That(sum / Count, Is.Zero.Within(0.0112));
        Assert.That(squares / Count, Is.EqualTo(1).Within(0.016));
        Assert.That(fourths / Count, Is.EqualTo(3).Within(0.11));
        Assert.That(stream.Position, Is.EqualTo(2ul * Count));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(1000)]
    public void Whole_numbers_are_equally_likely(int bound)
    {
        var stream = new PhiloxStream(3, (ulong)bound);
        var counts = new int[bound];
        int draws = 2000 * bound;
        for (int i = 0; i < draws; i++) counts[stream.NextInt32(bound)]++;
        Assert.That(counts.Min(), Is.GreaterThan(2000 - 6 * 45));
        Assert.That(counts.Max(), Is.LessThan(2000 + 6 * 45));
    }

    [Test]
    public void A_bound_of_half_the_range_is_unbiased()
    {
        // 3 * 2^29 does not divide 2^32: without rejection the lower third would come up half again as often.
        var stream = new PhiloxStream(4, 4);
        const int Bound = 3 << 29;
        var thirds = new int[3];
        for (int i = 0; i < 60_000; i++) thirds[stream.NextInt32(Bound) >> 29]++;
        Assert.That(thirds, Is.All.EqualTo(20_000).Within(700));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt32(0));
    }

    [Test]
    public void A_shuffle_is_a_permutation_and_every_order_comes_up()
    {
        var orders = new Dictionary<string, int>();
        var stream = new PhiloxStream(9, 9);
        for (int i = 0; i < 6000; i++)
        {
            char[] letters = ['a', 'b', 'c'];
            stream.Shuffle(letters.AsSpan());
            string order = new(letters);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }
        Assert.That(orders.Keys.Order(), Is.EqualTo(new[] { "abc", "acb", "bac", "bca", "cab", "cba" }));
        Assert.That(orders.Values, Is.All.EqualTo(1000).Within(180));
    }
}
