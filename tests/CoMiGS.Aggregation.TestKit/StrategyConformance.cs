using System.Runtime.InteropServices;
using CoMiGS.Federation;
using CoMiGS.Parameters;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Aggregation.TestKit;

/// <summary>What every strategy has to keep to. A test class inherits it and makes the strategy; the tests come along.</summary>
public abstract class StrategyConformance
{
    /// <summary>Rank of a device's adapters, where a test does not say otherwise.</summary>
    protected const int Rank = 4;

    /// <summary>A fresh strategy; every call must make one that behaves the same.</summary>
    protected abstract IAggregationStrategy Create();

    /// <summary>The only factor of adapters that devices share. Default: both.</summary>
    protected virtual LoraFactor Factor => LoraFactor.None;

    /// <summary>Why a device does not count by its samples alone, so that two that share out the samples of one count otherwise than that one.</summary>
    /// <value>Default: null, it does. A reason has to be true: the outcome must differ.</value>
    protected virtual string? CountsOtherwise => null;

    /// <summary>What a device does with what it downloads. Default: it takes it as it is.</summary>
    /// <param name="view">What it downloaded.</param>
    /// <param name="device">The device.</param>
    protected virtual TensorSet AsHeld(TensorSet view, KitDevice device) => view;

    /// <summary>A device of these tests. Default: one with two adapters, whose scale is <c>alpha / r</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rank">Rank of its adapters.</param>
    /// <param name="samples">Its sample count.</param>
    protected virtual KitDevice Device(string name, int rank = Rank, long samples = 10) => new(name, rank, 16.0 / rank, Factor, samples);

    /// <summary>How many devices a round has in these tests.</summary>
    protected int Count => Math.Max(3, Create().Needs.MinimumUpdates);

    [Fact]
    public void It_has_a_name_and_its_needs_do_not_change()
    {
        var strategy = Create();

        strategy.Name.Should().NotBeNullOrWhiteSpace();
        strategy.Needs.Should().Be(strategy.Needs).And.Be(Create().Needs);
    }

    [Fact]
    public void A_device_gets_the_tensors_that_it_shares()
    {
        var strategy = Create();
        var devices = Assigned(strategy, Moment(1, strategy), Devices());
        var shared = Round(strategy, Moment(1, strategy), [.. devices.Select((device, i) => (device, device.Random(i)))]);

        foreach (var device in devices)
        {
            AsHeld(strategy.View(Moment(2, strategy, shared), device.Share), device).Specs.Should().Equal(device.Share.Tensors);
        }
    }

    [Fact]
    public void Devices_that_bring_back_what_they_got_change_nothing()
    {
        var strategy = Create();
        var moment = Moment(1, strategy);
        if (moment.Shared.Count == 0)
        {
            moment = Moment(2, strategy, Round(strategy, moment, [.. Assigned(strategy, moment, Devices()).Select((device, i) => (device, device.Random(i)))]));
        }

        var devices = Assigned(strategy, moment, Devices());
        var next = Round(strategy, moment, [.. devices.Select(device => (device, device.Update(AsHeld(strategy.View(moment, device.Share), device))))]);

        foreach (var device in devices)
        {
            var (before, after) = (AsHeld(strategy.View(moment, device.Share), device), AsHeld(strategy.View(moment with { Shared = next }, device.Share), device));
            Close(device.Effect(after), device.Effect(before), 1e-5);
        }
    }

    [Fact]
    public void The_order_of_updates_does_not_matter()
    {
        var (one, other) = (Create(), Create());
        List<(KitDevice, ExpertUpdate)> updates = [.. Assigned(one, Moment(1, one), MixedDevices(one)).Select((device, i) => (device, device.Random(i)))];

        var forwards = Round(one, Moment(1, one), updates);
        var backwards = Round(other, Moment(1, other), [.. Enumerable.Reverse(updates)]);

        forwards.Specs.Should().Equal(backwards.Specs);
        Close(Numbers(forwards), Numbers(backwards), 1e-6);
    }

    [Fact]
    public void Two_devices_that_send_the_same_count_as_one_with_the_samples_of_both_or_it_is_said_why_not()
    {
        var whole = Outcome(split: -1);
        List<List<double>> parted = [.. Enumerable.Range(0, Count).Select(Outcome)];

        if (CountsOtherwise is { } reason)
        {
            parted.Any(outcome => Differ(outcome, whole)).Should().BeTrue("it is said to count otherwise: {0}", reason);
        }
        else
        {
            parted.ForEach(outcome => Close(outcome, whole, 1e-6));
        }
    }

    [Fact]
    public void Equal_runs_end_with_equal_bits()
    {
        Run().Should().Equal(Run());

        float[] Run()
        {
            var strategy = Create();
            var moment = Moment(1, strategy);
            for (var round = 1; round <= 3; round++)
            {
                moment = moment with { Round = round };
                moment = moment with { Shared = Round(strategy, moment, [.. Assigned(strategy, moment, Devices()).Select((device, i) => (device, device.Random(i + (10 * round))))]) };
            }

            return [.. moment.Shared.SelectMany(tensor => tensor.AsFloats().ToArray())];
        }
    }

    [Fact]
    public void A_view_asked_for_twice_is_the_same()
    {
        var strategy = Create();
        var devices = Assigned(strategy, Moment(1, strategy), Devices());
        var shared = Round(strategy, Moment(1, strategy), [.. devices.Select((device, i) => (device, device.Random(i)))]);
        var moment = Moment(2, strategy, shared);
        var device = devices[0];

        Numbers(strategy.View(moment, device.Share)).Should().Equal(Numbers(strategy.View(moment, device.Share)));
    }

    [Fact]
    public void A_round_without_updates_is_an_error()
    {
        var strategy = Create();

        strategy.Begin(Moment(1, strategy)).Invoking(round => round.Complete()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_update_that_is_not_finite_is_refused_and_leaves_no_trace()
    {
        var (strategy, clean) = (Create(), Create());
        var round = strategy.Begin(Moment(1, strategy));
        List<(KitDevice Device, ExpertUpdate Update)> updates = [.. Assigned(strategy, Moment(1, strategy), Devices()).Select((device, i) => (device, device.Random(i)))];
        updates.ForEach(update => round.Add(update.Device.Share, update.Update));
        var liar = Assigned(strategy, Moment(1, strategy), [Device("liar")])[0];

        round.Invoking(r => r.Add(liar.Share, liar.Update(Spoilt(liar.Random(1).Tensors)))).Should().Throw<ArgumentException>();

        round.Count.Should().Be(updates.Count);
        Numbers(round.Complete()).Should().Equal(Numbers(Round(clean, Moment(1, clean), updates)));
    }

    [Fact]
    public void Only_a_strategy_that_needs_all_updates_keeps_their_memory()
    {
        var (strategy, clean) = (Create(), Create());
        var round = strategy.Begin(Moment(1, strategy));
        List<(KitDevice Device, ExpertUpdate Update)> updates = [.. Assigned(strategy, Moment(1, strategy), Devices()).Select((device, i) => (device, device.Random(i)))];
        var expected = Numbers(Round(clean, Moment(1, clean), updates));
        foreach (var (device, update) in updates)
        {
            round.Add(device.Share, update);
            if (strategy.Needs.Updates != UpdateAccess.All)
            {
                update.Tensors.ToList().ForEach(tensor => MemoryMarshal.AsMemory(tensor.Data).Span.Fill(0x7F));
            }
        }

        Numbers(round.Complete()).Should().Equal(expected);
    }

    [Fact]
    public void Differing_ranks_are_taken_or_refused_with_what_fits()
    {
        var strategy = Create();
        var machine = new RoundMachine(new RoundOptions { MinimumDevices = Math.Max(2, strategy.Needs.MinimumUpdates) }, strategy);
        Refusal(machine.CheckIn(Device("a").CheckIn(strategy.Needs.Ability), DateTimeOffset.UnixEpoch)).Should().BeNull();

        var refusal = Refusal(machine.CheckIn(Device("b", rank: 2).CheckIn(strategy.Needs.Ability), DateTimeOffset.UnixEpoch));

        if (strategy.Needs.MixedRanks)
        {
            refusal.Should().BeNull();
        }
        else
        {
            refusal.Should().Contain(strategy.Needs.Assigns ? "ranks" : "FlexLora", "devices for a strategy that assigns cannot be led by another one");
        }
    }

    [Fact]
    public void It_leads_a_run_from_the_first_check_in_to_the_last_download()
    {
        var strategy = Create();
        var machine = new RoundMachine(new RoundOptions { Count = 3, MinimumDevices = Count }, strategy);
        var devices = Devices();
        while (!machine.IsFinished)
        {
            devices = Planned(machine);
            if (!strategy.Needs.Assigns)
            {
                devices.Select(device => device.Share.Tensors).Should().AllSatisfy(tensors => tensors.Should().Equal(Devices()[0].Share.Tensors));
            }

            foreach (var (device, i) in devices.Select((device, i) => (device, i)))
            {
                machine.Update(device.Random(i) with { Round = machine.RoundsDone + 1 }, DateTimeOffset.UnixEpoch).Reason.Should().BeEmpty();
            }
        }

        foreach (var device in devices)
        {
            machine.RefuseDownload(new DownloadRequest("run", device.Share.Device, machine.Version)).Should().BeNull();
            AsHeld(machine.View(device.Share.Device), device).Specs.Should().Equal(device.Share.Tensors);
        }
    }

    [Fact]
    public void A_coordinator_that_is_exchanged_after_every_message_comes_to_the_same_bits()
    {
        var undisturbed = LastViews(log: null);
        using var log = new InMemoryRoundStore().Open("run");

        LastViews(log).Should().Equal(undisturbed, "what a strategy keeps between rounds is what SaveState returns");
    }

    /// <summary>The devices of a round, all of one rank, as they check in.</summary>
    protected IReadOnlyList<KitDevice> Devices() => [.. Enumerable.Range(0, Count).Select(i => Device($"device {i}", samples: 10 + i))];

    /// <summary>The devices of a round as they check in: of the ranks 4, 3, 2 and 1 in turn, if the strategy takes several.</summary>
    /// <param name="strategy">The strategy.</param>
    protected IReadOnlyList<KitDevice> MixedDevices(IAggregationStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return [.. Enumerable.Range(0, Count).Select(i => Device($"device {i}", strategy.Needs.MixedRanks ? Rank - (i % Rank) : Rank, 10 + i))];
    }

    /// <summary>The same devices with what they are to share in a round; what they checked in with, unless the strategy assigns it.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="moment">The round.</param>
    /// <param name="devices">The devices.</param>
    protected static IReadOnlyList<KitDevice> Assigned(IAggregationStrategy strategy, RunMoment moment, IReadOnlyList<KitDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(devices);
        return [.. strategy.Assign(moment, [.. devices.Select(device => device.Share)]).Select(share => new KitDevice(share))];
    }

    /// <summary>A moment of a run with five rounds.</summary>
    protected RunMoment Moment(int round, IAggregationStrategy strategy, TensorSet? shared = null)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        var first = Device("device 0").Share;
        return new(round, 5, 42, first, shared ?? strategy.Start(first, 42));
    }

    /// <summary>A round of updates.</summary>
    protected static TensorSet Round(IAggregationStrategy strategy, RunMoment moment, IReadOnlyList<(KitDevice Device, ExpertUpdate Update)> updates)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(updates);
        var round = strategy.Begin(moment);
        foreach (var (device, update) in updates)
        {
            round.Add(device.Share, update);
        }

        return round.Complete();
    }

    /// <summary>What devices hold after two rounds.</summary>
    /// <param name="split">In place of which device two that share out its samples send what it would; the devices are whole if it is none of them.</param>
    private List<double> Outcome(int split)
    {
        var strategy = Create();
        var moment = Moment(1, strategy);
        IReadOnlyList<KitDevice> devices = [];
        for (var round = 1; round <= 2; round++)
        {
            devices = Assigned(strategy, moment, MixedDevices(strategy));
            var updates = new List<(KitDevice Device, ExpertUpdate Update)>();
            for (var i = 0; i < devices.Count; i++)
            {
                var sent = devices[i].Random(i + (10 * round)).Tensors;
                updates.AddRange(Parts(devices[i], i == split).Select(part => (part, part.Update(sent, round))));
            }

            moment = moment with { Round = round + 1, Shared = Round(strategy, moment, updates) };
        }

        return [.. devices.SelectMany(device => device.Effect(AsHeld(strategy.View(moment, device.Share), device)))];
    }

    /// <summary>A device, or two that share the same and have its samples together, one of them its name.</summary>
    private static KitDevice[] Parts(KitDevice whole, bool split)
    {
        var some = whole.Share.Samples / 3;
        return split
            ? [new KitDevice(whole.Share with { Samples = some }), new KitDevice(whole.Share with { Device = whole.Share.Device + " too", Samples = whole.Share.Samples - some })]
            : [whole];
    }

    /// <summary>Checks all devices in, until the round has opened.</summary>
    /// <returns>They, with what their plans say that they share.</returns>
    private IReadOnlyList<KitDevice> Planned(RoundMachine machine)
    {
        Devices().ToList().ForEach(device => Refusal(Reply(device)).Should().BeNull());
        return [.. Devices().Select(device => new KitDevice(device.Share with { Tensors = Reply(device).Should().BeOfType<RoundPlan>().Which.Shared }))];

        CheckInReply? Reply(KitDevice device) => machine.CheckIn(device.CheckIn(Create().Needs.Ability), DateTimeOffset.UnixEpoch);
    }

    /// <summary>Leads a run of three rounds; with a log, by a new machine and a new strategy for every message.</summary>
    private List<double> LastViews(IRunLog? log)
    {
        var options = new RoundOptions { Count = 3, MinimumDevices = Count };
        var machine = new RoundMachine(options, Create(), log: log);
        var now = DateTimeOffset.UnixEpoch;
        for (var round = 1; round <= options.Count; round++)
        {
            foreach (var (device, i) in Planned(machine).Select((device, i) => (device, i)))
            {
                machine = log is null ? machine : new RoundMachine(options, Create(), log: log);
                machine.Update(device.Random(i) with { Round = round }, now).Reason.Should().BeEmpty();
            }

            machine = log is null ? machine : new RoundMachine(options, Create(), log: log);
        }

        machine.IsFinished.Should().BeTrue();
        Devices().ToList().ForEach(device => machine.CheckIn(device.CheckIn(Create().Needs.Ability), now));
        return [.. Devices().SelectMany(device => Numbers(machine.View(device.Share.Device)))];
    }

    /// <summary>Holds numbers against others.</summary>
    protected static void Close(IReadOnlyList<double> actual, IReadOnlyList<double> expected, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(actual);
        actual.Count.Should().Be(expected.Count);
        actual.Zip(expected, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThanOrEqualTo(tolerance * Math.Max(1, expected.Max(Math.Abs)));
    }

    private static bool Differ(IReadOnlyList<double> one, IReadOnlyList<double> other) =>
        one.Count != other.Count || one.Zip(other, (x, y) => Math.Abs(x - y)).Max() > 1e-6;

    private static string? Refusal(CheckInReply? reply) => (reply as Refused)?.Reason;

    private static double[] Numbers(TensorSet tensors) => [.. tensors.SelectMany(tensor => tensor.AsFloats().ToArray()).Select(value => (double)value)];

    private static TensorSet Spoilt(TensorSet tensors) => new(tensors.Select((tensor, i) => i < tensors.Count - 1
        ? tensor
        : NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. tensor.AsFloats().ToArray()[..^1], float.NaN])));
}
