using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FdLora;
using CoMiGS.Transport;
using static CoMiGS.Tests.Aggregation.Updates;

namespace CoMiGS.Tests.Aggregation;

public sealed class FdLoraTests
{
    [Fact]
    public void The_first_round_is_the_plain_mean_whatever_the_outer_optimizer() =>
        Run(new() { LearningRate = 0.1, Momentum = 0.9 }, [(1, 2), (3, 8)])[0].Should().Be(5);

    [Fact]
    public void Later_rounds_step_along_the_mean_way_with_Nesterovs_momentum()
    {
        const double rate = 0.8, beta = 0.5;
        double[] means = [4, 7, 1, 2];
        var (theta, m) = (means[0], 0.0); // by hand: m = beta m + d, theta += eta (d + beta m)
        List<double> expected = [theta];
        foreach (var mean in means.Skip(1))
        {
            var d = mean - theta;
            m = (beta * m) + d;
            theta += rate * (d + (beta * m));
            expected.Add(theta);
        }

        var found = Run(new() { LearningRate = rate }, [.. means.Select(mean => new[] { (1L, (float)mean - 1), (1L, (float)mean + 1) })]);

        found.Zip(expected, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-5);
    }

    [Fact]
    public void The_defaults_are_rate_1_and_momentum_one_half() => Run(new(), [(1, 0)], [(1, 2)]).Should().Equal(0, 2 + (0.5f * 2));

    [Fact]
    public void Without_momentum_and_with_rate_1_it_is_the_mean() => Run(new() { Momentum = 0 }, [(1, 5)], [(1, 3), (1, 5)], [(1, 7)]).Should().Equal(5, 4, 7);

    [Fact]
    public void Equal_devices_are_one_device() =>
        Run(new(), [(1, 1), (1, 1), (1, 1)], [(1, 4), (1, 4), (1, 4)], [(1, 2), (1, 2), (1, 2)]).Should().Equal(Run(new(), [(1, 1)], [(1, 4)], [(1, 2)]));

    [Theory]
    [InlineData(UpdateWeights.Uniform, 3)]
    [InlineData(UpdateWeights.Samples, 5)]
    public void Devices_count_alike_unless_samples_are_asked_for(UpdateWeights weights, float expected) =>
        Run(new() { Weights = weights, Momentum = 0 }, [(1, 0), (1, 0)], [(1, 0), (5, 6)]).Should().Equal(0, expected);

    [Fact]
    public void All_broken_options_are_listed() =>
        FluentActions.Invoking(() => new FdLoraStrategy(new() { LearningRate = 0, Momentum = 1 })).Should().Throw<ArgumentException>().WithMessage("*LearningRate is 0*Momentum is 1*");

    [Fact]
    public void A_device_that_shares_nothing_is_refused_with_what_to_do()
    {
        var nothing = new DeviceShare("anna", 1, [], []);

        new FdLoraStrategy().Objection(nothing, null).Should().Contain("shares none");
    }

    /// <summary>What is shared after every round, of one number; rounds are what devices bring with their sample counts.</summary>
    private static float[] Run(FdLoraOptions options, params (long Samples, float Value)[][] rounds)
    {
        var strategy = new FdLoraStrategy(options);
        var shared = TensorSet.Empty;
        return [.. rounds.Select((updates, i) =>
        {
            var round = strategy.Begin(Moment(Of(1, [0f])) with { Round = i + 1, Rounds = rounds.Length, Shared = shared });
            foreach (var (samples, value) in updates)
            {
                var update = Of(samples, [value]);
                round.Add(Share(update), update);
            }

            shared = round.Complete();
            return Floats(shared)[0];
        })];
    }
}
