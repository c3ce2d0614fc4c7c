using CoMiGS.Routing;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Routing;

public sealed class UniformRouterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_token_takes_the_plain_mean_of_all_experts(int experts)
    {
        using var scope = NewDisposeScope();

        var decision = new UniformRouter(experts).Route(randn(4, 5));

        decision.Gates.shape.Should().Equal(4, experts);
        decision.Gates.data<float>().ToArray().Should().OnlyContain(g => g == 1f / experts);
        decision.SumsToOne.Should().BeTrue();
    }
}
