using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Federation;
using CoMiGS.Tests.Aggregation.FedAmole;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation;

/// <summary>Runs in which the coordinator says what devices share: it may be exchanged, and devices may come late.</summary>
public sealed class AssignedRunTests
{
    private static readonly RoundOptions Options = new() { Count = 2, MinimumDevices = 3 };
    private readonly InMemoryRoundStore _store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_device_that_joins_late_has_experts_of_its_own_choice_and_keeps_them_whoever_leads_the_run(bool exchanged)
    {
        using var log = _store.Open("run");
        var machine = Next(log);
        foreach (var device in new[] { "a", "b", "c" })
        {
            machine.CheckIn(CheckIn(device), Now);
        }

        var plans = new[] { "a", "b", "c" }.ToDictionary(device => device, device => Plan(machine, device));
        Send(machine, plans["a"], "a", 1).Accepted.Should().BeTrue();
        Send(machine, plans["b"], "b", 2).Accepted.Should().BeTrue();
        Send(machine, plans["c"], "c", float.NaN).Code.Should().Be(RefusalCode.NotFinite);

        plans["late"] = Plan(machine, "late"); // nobody is left to wait for, and the quorum is missing
        machine = exchanged ? Next(log) : machine;

        Plan(machine, "late").Shared.Should().Equal(plans["late"].Shared);
        Plan(machine, "c").Shared.Should().Equal(plans["c"].Shared, "a device that comes back goes on with what it was assigned");
        Experts(plans["late"]).Should().HaveCount(2).And.BeSubsetOf(Enumerable.Range(0, 5));
        Send(machine, plans["late"], "late", 6).Accepted.Should().BeTrue();

        Send(machine, plans["c"], "c", 9, attempt: 2).Accepted.Should().BeTrue("it has come back, and the round waits for it");
        machine.RoundsDone.Should().Be(1);
        foreach (var id in Enumerable.Range(0, 5))
        {
            var held = new[] { ("a", 1f), ("b", 2f), ("late", 6f), ("c", 9f) }.Where(sent => Experts(plans[sent.Item1]).Contains(id)).Select(sent => sent.Item2).ToList();
            machine.Shared.TryGet($"layer.experts.{id}.c.lora_B", out var tensor).Should().Be(held.Count > 0);
            tensor?.AsFloats().ToArray().Should().AllBeEquivalentTo(held.Average());
        }
    }

    [Fact]
    public void A_run_whose_coordinator_is_exchanged_after_every_message_ends_with_the_same_experts_on_the_same_devices()
    {
        using var undisturbed = _store.Open("undisturbed");
        using var exchanged = _store.Open("exchanged");

        var one = Led(undisturbed, everyMessage: false);
        var other = Led(exchanged, everyMessage: true);

        other.Shared.Specs.Should().Equal(one.Shared.Specs);
        other.Shared.Zip(one.Shared).Should().AllSatisfy(pair => pair.First.AsFloats().ToArray().Should().Equal(pair.Second.AsFloats().ToArray()));
        foreach (var device in new[] { "a", "b", "c" })
        {
            other.CheckIn(CheckIn(device), Now).Should().BeOfType<RunFinished>();
            one.CheckIn(CheckIn(device), Now);
            other.View(device).Specs.Should().NotBeEmpty().And.Equal(one.View(device).Specs);
        }
    }

    [Fact]
    public void A_device_that_comes_back_with_other_text_goes_on_with_its_experts_and_counts_by_its_new_text()
    {
        using var log = _store.Open("run");
        var machine = Next(log);
        foreach (var name in new[] { "a", "b", "c" })
        {
            machine.CheckIn(CheckIn(name), Now);
        }

        var before = Plan(machine, "a");
        var after = machine.CheckIn(CheckIn("a") with { Samples = 77 }, Now).Should().BeOfType<RoundPlan>().Subject;

        after.Shared.Should().Equal(before.Shared);
        var update = AssignedDevice.Update(new DeviceShare("a", 77, after.Shared, []), _ => 0.5f);
        machine.Update(update, Now).Should().Match<UpdateReceipt>(receipt => receipt.Accepted);
    }

    private static DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    private static RoundMachine Led(IRunLog log, bool everyMessage)
    {
        var machine = Next(log);
        for (var round = 1; round <= Options.Count; round++)
        {
            foreach (var device in new[] { "a", "b", "c" })
            {
                machine.CheckIn(CheckIn(device), Now);
            }

            foreach (var (device, i) in new[] { "a", "b", "c" }.Select((device, i) => (device, i)))
            {
                machine = everyMessage ? Next(log) : machine;
                Send(machine, Plan(machine, device), device, (10 * round) + i).Accepted.Should().BeTrue();
            }
        }

        return everyMessage ? Next(log) : machine;
    }

    private static RoundMachine Next(IRunLog log) =>
        new(Options, new FedAmoleStrategy(new() { Experts = 5, DevicesPerExpert = 2, FewestPerDevice = 2, MostPerDevice = 4 }), log: log);

    private static CheckIn CheckIn(string device) => AssignedDevice.CheckIn(AssignedDevice.Share(device, [0, 1]));

    private static RoundPlan Plan(RoundMachine machine, string device) => machine.CheckIn(CheckIn(device), Now).Should().BeOfType<RoundPlan>().Subject;

    private static IEnumerable<int> Experts(RoundPlan plan) => Enumerable.Range(0, 5).Where(id => plan.Shared.Any(spec => spec.Name == $"layer.experts.{id}.embedding"));

    private static UpdateReceipt Send(RoundMachine machine, RoundPlan plan, string device, float value, int attempt = 1) =>
        machine.Update(AssignedDevice.Update(new DeviceShare(device, 10, plan.Shared, []), name => name.EndsWith("embedding", StringComparison.Ordinal) ? value / 10 : value) with { Round = plan.Round, Attempt = attempt }, Now);
}
