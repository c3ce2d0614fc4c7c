namespace CoMiGS.Torch.Tests.Optimizers;

public sealed class ScheduleTests
{
    private static List<double> Rates(Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> create, int steps)
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 2.0);
        var schedule = create(optimizer);
        var rates = new List<double> { optimizer.ParamGroups.Single().LearningRate };
        for (var i = 0; i < steps; i++)
        {
            schedule.step();
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
            schedule.get_last_lr().Should().Equal(rates[^1]);
        }

        return rates;
    }

    private static void ShouldBe(List<double> rates, IEnumerable<double> expected) =>
        rates.Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-12);

    [Fact]
    public void A_cosine_falls_to_its_minimum_and_rises_again() =>
        ShouldBe(
            Rates(o => optim.lr_scheduler.CosineAnnealingLR(o, 4, 0.2), 8),
            Enumerable.Range(0, 9).Select(t => 0.2 + (1.8 * (1 + Math.Cos(Math.PI * t / 4)) / 2)));

    [Fact]
    public void A_function_scales_the_initial_rate() =>
        ShouldBe(Rates(o => optim.lr_scheduler.LambdaLR(o, t => 1.0 / (t + 1)), 3), [2, 1, 2.0 / 3, 0.5]);

    [Fact]
    public void A_staircase_falls_every_few_steps() =>
        ShouldBe(Rates(o => optim.lr_scheduler.StepLR(o, 2, 0.5), 4), [2, 2, 1, 1, 0.5]);

    [Fact]
    public void A_constant_factor_holds_at_first() =>
        ShouldBe(Rates(o => optim.lr_scheduler.ConstantLR(o, 0.25, 2), 3), [0.5, 0.5, 2, 2]);

    [Fact]
    public void A_step_can_be_named()
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 2.0);
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, 10, 0.0);
        schedule.step(5);
        optimizer.ParamGroups.Single().LearningRate.Should().BeApproximately(1, 1e-12);
    }
}
