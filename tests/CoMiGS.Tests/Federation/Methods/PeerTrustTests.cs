using CoMiGS.Aggregation;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Federation.Methods;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation.Methods;

public sealed class PeerTrustTests
{
    [Fact]
    public void Trust_is_the_softmax_of_the_negative_perplexities() =>
        PeerTrust.Weights([2, 3]).Should().SatisfyRespectively(
            first => first.Should().BeApproximately(1 / (1 + Math.Exp(-1)), 1e-12),
            second => second.Should().BeApproximately(Math.Exp(-1) / (1 + Math.Exp(-1)), 1e-12));

    [Fact]
    public void A_higher_temperature_spreads_trust() => PeerTrust.Weights([2, 3], 1000)[1].Should().BeGreaterThan(0.49);

    [Fact]
    public void A_peer_that_breaks_the_model_is_not_trusted() => PeerTrust.Weights([double.NaN, 4, double.PositiveInfinity]).Should().Equal(0, 1, 0);

    [Fact]
    public void Perplexities_far_apart_do_not_overflow() => PeerTrust.Weights([1e300, 5]).Should().Equal(0, 1);

    [Fact]
    public void A_device_tries_every_peer_and_goes_on_from_the_mixture()
    {
        var inner = new FakeTraining(step: 1);
        var seen = new List<float>();
        var trust = new PeerTrust(inner, () =>
        {
            seen.Add(inner.Values[0]);
            return seen.Count; // 1 for the first, 2 for the second
        });

        trust.Import(PeerSet.Join([("anna", Sent.Tensors(1, 2, 3)), ("ben", Sent.Tensors(5, 6, 7))]));

        seen.Should().Equal(1, 5);
        var anna = 1 / (1 + Math.Exp(-1));
        inner.Values[0].Should().BeApproximately((float)(anna + (5 * (1 - anna))), 1e-6f);
        trust.Train(1, 1, CancellationToken.None)["trust.anna"].Should().BeApproximately(anna, 1e-12);
        trust.Abilities.Should().Equal(PeerTrustStrategy.Ability);

        trust.Import(PeerSet.Join([("anna", Sent.Tensors(8, 2, 3))]));
        trust.Trust["anna"].Should().BeApproximately(anna, 1e-12, "a round without mixing says nothing of trust");
        inner.Values[0].Should().Be(8);
    }

    [Fact]
    public void Names_with_the_separator_in_them_are_told_apart()
    {
        var joined = PeerSet.Join([("a/b", Sent.Tensors(1, 2, 3)), ("a", Sent.Tensors(5, 6, 7))]);

        PeerSet.Split(joined, Sent.Shared).Select(peer => (peer.Device, Sent.Floats(peer.Tensors)[0])).Should().Equal(("a/b", 1f), ("a", 5f));
    }

    [Fact]
    public void A_device_that_sits_a_round_out_is_still_among_the_peers_with_what_it_sent_last()
    {
        var strategy = new PeerTrustStrategy();
        var (a, b) = (new DeviceShare("a", 1, Sent.Shared, []), new DeviceShare("b", 1, Sent.Shared, []));
        var first = strategy.Begin(new RunMoment(1, 9, 1, a, TensorSet.Empty));
        first.Add(a, Sent.Update("a", value: 1));
        first.Add(b, Sent.Update("b", value: 5));
        var shared = first.Complete();

        var second = strategy.Begin(new RunMoment(2, 9, 1, a, shared));
        second.Add(a, Sent.Update("a", round: 2, value: 8));

        PeerSet.Split(second.Complete(), Sent.Shared).Select(peer => (peer.Device, Sent.Floats(peer.Tensors)[0])).Should().BeEquivalentTo([("a", 8f), ("b", 5f)]);
    }

    [Fact]
    public void In_between_a_device_gets_its_own_back()
    {
        var strategy = new PeerTrustStrategy(new PeerTrustOptions { FirstRound = 2, Every = 2 });
        var joined = PeerSet.Join([("a", Sent.Tensors(1, 2, 3)), ("b", Sent.Tensors(5, 6, 7))]);
        var device = new DeviceShare("b", 1, Sent.Shared, []);

        int[] peers = [.. Enumerable.Range(2, 5).Select(round => strategy.View(new RunMoment(round, 9, 1, device, joined), device).Count / 2)];

        peers.Should().Equal(1, 2, 1, 2, 1); // after rounds 1 to 5
    }

    [Fact]
    public void Equal_peers_leave_a_device_where_they_are_whomever_it_trusts()
    {
        var (inner, calls) = (new FakeTraining(step: 1), 0);
        var trust = new PeerTrust(inner, () => 1.7 * ++calls);

        trust.Import(PeerSet.Join(new[] { "anna", "ben", "cleo" }.Select(name => (name, Sent.Tensors(0.1f, 2, -3)))));

        calls.Should().Be(3);
        inner.Values.Should().Equal(0.1f, 2, -3);
    }
}
