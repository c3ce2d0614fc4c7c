using CoMiGS.Aggregation;
using CoMiGS.Bench.Strategies;

namespace CoMiGS.Bench.Tests.Strategies;

public sealed class StrategyCasesTests
{
    [Fact]
    public void Every_strategy_of_the_library_is_measured_under_a_name_of_its_own()
    {
        var cases = StrategyCases.All();

        cases.Select(strategy => strategy.Name).Should().OnlyHaveUniqueItems().And.Contain(["WeightedMean", "FedAdam", "FlexLora", "Krum"]);
        cases.Select(strategy => strategy.GetType()).Distinct().Should().HaveSameCount(
            typeof(IAggregationStrategy).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IAggregationStrategy)) && !type.IsAbstract));
    }
}
