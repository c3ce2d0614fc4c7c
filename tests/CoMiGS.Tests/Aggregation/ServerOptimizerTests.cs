using CoMiGS.Aggregation;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Transport;
using static CoMiGS.Tests.Aggregation.Updates;

namespace CoMiGS.Tests.Aggregation;

public sealed class ServerOptimizerTests
{
    [Fact]
    public void Momentum_carries_the_last_way_on() =>
        Run(ServerMethod.Momentum, new() { Beta1 = 0.5, LearningRate = 1 }, start: 0, 1, 1).Should().Equal(1, 1 + (0.5f * 1) + 0);

    [Fact]
    public void Nesterovs_momentum_looks_one_step_ahead() =>
        Run(ServerMethod.Momentum, new() { Beta1 = 0.5, LearningRate = 1, Nesterov = true }, start: 0, 1, 1).Should().Equal(
            1.5f, // d = 1, m = 1: 1 + 0.5 * 1
            1.5f + -0.5f + 0f); // d = -0.5, m = 0.5 - 0.5

    [Fact]
    public void Nesterovs_momentum_is_for_momentum_alone() =>
        FluentActions.Invoking(() => new ServerOptimizerStrategy(ServerMethod.Yogi, new() { Nesterov = true })).Should().Throw<ArgumentException>().WithMessage("Nesterov is true, but FedYogi*use FedAvgM*");

    [Fact]
    public void Without_momentum_and_with_rate_1_it_is_the_mean() =>
        Run(ServerMethod.Momentum, new() { Beta1 = 0, LearningRate = 1 }, start: 5, 3, 7).Should().Equal(3, 7);

    [Fact]
    public void Adam_follows_its_formula()
    {
        var (first, second) = (0.1 * 2, (0.99 * 0.01) + (0.01 * 4)); // m and v after delta = 2, from v = tau^2
        var one = 0.5 * first / (Math.Sqrt(second) + 0.1);
        var delta = 3 - (double)(float)one;
        var two = (float)one + (0.5 * ((0.9 * first) + (0.1 * delta)) / (Math.Sqrt((0.99 * second) + (0.01 * delta * delta)) + 0.1));

        Run(ServerMethod.Adam, new() { LearningRate = 0.5, Tau = 0.1 }, start: 0, 2, 3).Should().Equal((float)one, (float)two);
    }

    [Fact]
    public void Yogi_adds_to_its_squares_what_is_larger_and_takes_away_what_is_smaller()
    {
        var grown = 0.01 + (0.01 * 4); // delta^2 = 4 > v = tau^2
        var one = (float)(0.5 * 0.2 / (Math.Sqrt(grown) + 0.1));
        var delta = 0.05; // delta^2 < v
        var shrunk = grown - (0.01 * Math.Pow((double)(float)(one + delta) - one, 2));
        var two = one + (0.5 * ((0.9 * 0.2) + (0.1 * ((double)(float)(one + delta) - one))) / (Math.Sqrt(shrunk) + 0.1));

        var found = Run(ServerMethod.Yogi, new() { LearningRate = 0.5, Tau = 0.1 }, start: 0, 2, (float)(one + delta));

        found[0].Should().BeApproximately(one, 1e-6f);
        found[1].Should().BeApproximately((float)two, 1e-6f);
    }

    [Fact]
    public void All_broken_options_are_listed() =>
        FluentActions.Invoking(() => new ServerOptimizerStrategy(ServerMethod.Adam, new() { Beta1 = 1, Tau = 0 })).Should().Throw<ArgumentException>().WithMessage("*Beta1 is 1*Tau is 0*");

    private static float[] Run(ServerMethod method, ServerOptimizerOptions options, float start, params float[] means)
    {
        var strategy = new ServerOptimizerStrategy(method, options);
        var shared = new TensorSet([NamedTensor.FromFloats("t0", [1], [start])]);
        return [.. means.Select(mean =>
        {
            var update = Of(1, [mean]);
            var round = strategy.Begin(Moment(update) with { Shared = shared });
            round.Add(Share(update), update);
            shared = round.Complete();
            return Floats(shared)[0];
        })];
    }

    [Theory]
    [InlineData(UpdateWeights.Samples, 5)]
    [InlineData(UpdateWeights.Uniform, 3)]
    public void Devices_count_by_their_samples_unless_alike_is_asked_for(UpdateWeights weights, float expected)
    {
        var (one, other) = (Of(1, [0f]), Of(5, [6f]) with { Device = "other" });
        var round = new ServerOptimizerStrategy(ServerMethod.Momentum, new() { Beta1 = 0, Weights = weights })
            .Begin(Moment(one) with { Shared = new TensorSet([NamedTensor.FromFloats("t0", [1], [1f])]) });
        round.Add(Share(one), one);
        round.Add(Share(other), other);

        Floats(round.Complete()).Should().Equal(expected);
    }
}
