using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Shouldly;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class ShardsTests
{
    [Fact]
    public void A_hash_needs_more_room_than_an_even_share()
    {
        // 10,000 / 3 = 3,333.3; four times the root of 3,333.3 × 2/3 is 188.6.
        Shards.Fullest(10_000, 3).ShouldBe(3_522);
        Shards.For(10_000, 3_800).ShouldBe(3);
        Shards.For(10_000, 3_522).ShouldBe(3);
        Shards.For(10_000, 3_521).ShouldBe(4);
        Shards.For(3_800, 3_800).ShouldBe(1);
        Shards.Fullest(1_000, 1).ShouldBe(1_000);
    }

    [Fact]
    public void The_fullest_holds_and_one_shard_less_would_not() => Gen.Select(Gen.Int[1, 60_000], Gen.Int[10, 10_000]).Sample((users, capacity) =>
    {
        var shards = Shards.For(users, capacity);
        if (shards < users) Shards.Fullest(users, shards).ShouldBeLessThanOrEqualTo(capacity);
        if (shards > 1) (Shards.Fullest(users, shards - 1) > capacity || (double)users / (shards - 1) > capacity).ShouldBeTrue();
    });

    [Fact]
    public void More_users_never_need_fewer_shards() => Gen.Select(Gen.Int[1, 60_000], Gen.Int[0, 5_000], Gen.Int[10, 10_000])
        .Sample((users, more, capacity) => Shards.For(users + more, capacity).ShouldBeGreaterThanOrEqualTo(Shards.For(users, capacity)));

    [Fact]
    public void Real_hashes_of_addresses_keep_within_it()
    {
        var counts = new int[3];
        for (var user = 0; user < 10_000; user++)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"user{user}@example.com")))[..10];
            counts[Convert.ToInt64(hash, 16) % counts.Length]++;
        }

        counts.Max().ShouldBeInRange(3_334, Shards.Fullest(10_000, 3));
    }
}
