using CoMiGS.Demo.Story;

namespace CoMiGS.Demo.Tests.Story;

public sealed class DeviceStoryTests
{
    [Theory]
    [InlineData(8.0, 9.0, 8.4, Standing.Between)]
    [InlineData(9.0, 8.0, 8.4, Standing.Between)]
    [InlineData(8.0, 9.0, 8.0, Standing.Between)]
    [InlineData(8.0, 9.0, 9.0, Standing.Between)]
    [InlineData(8.0, 9.0, 7.9, Standing.Best)]
    [InlineData(8.0, 9.0, 9.1, Standing.Worst)]
    public void CoMiGS_stands_where_its_figure_lies(double local, double fedAvg, double comigs, Standing expected) =>
        new DeviceStory("anna", local, fedAvg, comigs).Standing.Should().Be(expected);

    [Theory]
    [InlineData(8.0, 9.0, false, true)]
    [InlineData(9.0, 8.0, true, false)]
    [InlineData(8.00, 8.02, false, false)]
    public void A_winner_needs_more_than_noise(double local, double fedAvg, bool sharing, bool staying)
    {
        var story = new DeviceStory("anna", local, fedAvg, 8);

        story.SharingWon.Should().Be(sharing);
        story.StayingLocalWon.Should().Be(staying);
        story.Kept.HasValue.Should().Be(sharing || staying);
    }

    [Theory]
    [InlineData(8.0, 9.0, 8.0, 1.0)]
    [InlineData(8.0, 9.0, 8.25, 0.75)]
    [InlineData(9.0, 8.0, 9.0, 0.0)]
    [InlineData(9.0, 8.0, 9.5, -0.5)]
    [InlineData(9.0, 8.0, 7.5, 1.5)]
    public void What_is_kept_is_measured_from_the_worse_to_the_better(double local, double fedAvg, double comigs, double kept) =>
        new DeviceStory("anna", local, fedAvg, comigs).Kept.Should().BeApproximately(kept, 1e-12);
}
