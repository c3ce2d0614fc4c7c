using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation;

public sealed class NoAggregationTests
{
    [Fact]
    public void Rounds_without_tensors_end_without_tensors()
    {
        var aggregation = new NoAggregation().Begin(Updates.Moment(Updates.Of(1)));
        aggregation.Add(Updates.Share(Updates.Of(1)), Updates.Of(1));

        aggregation.Count.Should().Be(1);
        aggregation.Complete().Should().BeSameAs(TensorSet.Empty);
    }

    [Fact]
    public void A_device_that_would_share_is_objected_to_with_what_to_do() =>
        new NoAggregation().Objection(Updates.Share(Updates.Of(1, [1f])), null).Should().Contain("1 tensors").And.Contain("SharedRoles.None");
}
