namespace CoMiGS.Aggregation.TestKit;

/// <summary>What a strategy has to keep to besides, if it is a mean of some kind: where all devices agree, that is the outcome.</summary>
public abstract class MeanConformance : StrategyConformance
{
    [Fact]
    public void As_few_devices_as_it_can_combine_are_a_fixed_point_when_they_agree() => Agree(Create().Needs.MinimumUpdates);

    [Fact]
    public void More_devices_are_a_fixed_point_when_they_agree() => Agree(Create().Needs.MinimumUpdates + 4);

    private void Agree(int count)
    {
        var strategy = Create();
        var devices = Assigned(strategy, Moment(1, strategy), [.. Enumerable.Range(0, count).Select(i => Device($"device {i}", samples: 1 + (7 * i)))]);

        var shared = Round(strategy, Moment(1, strategy), [.. devices.Select(device => (device, device.Random(3)))]);

        foreach (var device in devices)
        {
            Close(device.Effect(AsHeld(strategy.View(Moment(2, strategy, shared), device.Share), device)), device.Effect(device.Random(3).Tensors), 1e-5);
        }
    }
}
