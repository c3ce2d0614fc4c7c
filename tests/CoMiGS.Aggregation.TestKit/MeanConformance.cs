namespace CoMiGS.Aggregation.TestKit;

/// <summary>What a strategy has to keep to besides, if it is a mean of some kind: where all devices agree, that is the outcome, in every round.</summary>
public abstract class MeanConformance : StrategyConformance
{
    [Fact]
    public void As_few_devices_as_it_can_combine_are_a_fixed_point_when_they_agree() => AgreeInTheFirstRound(Create().Needs.MinimumUpdates);

    [Fact]
    public void More_devices_are_a_fixed_point_when_they_agree() => AgreeInTheFirstRound(Create().Needs.MinimumUpdates + 4);

    [Fact]
    public void Devices_that_agree_are_a_fixed_point_after_a_round_in_which_they_did_not()
    {
        var strategy = Create();
        var first = Moment(1, strategy);
        var shared = Round(strategy, first, [.. Assigned(strategy, first, Devices()).Select((device, i) => (device, device.Random(i)))]);

        Agree(strategy, Moment(2, strategy, shared), Devices());
    }

    private void AgreeInTheFirstRound(int count)
    {
        var strategy = Create();
        Agree(strategy, Moment(1, strategy), [.. Enumerable.Range(0, count).Select(i => Device($"device {i}", samples: 1 + (7 * i)))]);
    }

    private void Agree(IAggregationStrategy strategy, RunMoment moment, IReadOnlyList<KitDevice> all)
    {
        var devices = Assigned(strategy, moment, all);

        var shared = Round(strategy, moment, [.. devices.Select(device => (device, device.Random(3)))]);

        foreach (var device in devices)
        {
            Close(device.Effect(AsHeld(strategy.View(Moment(moment.Round + 1, strategy, shared), device.Share), device)), device.Effect(device.Random(3).Tensors), 1e-5);
        }
    }
}
