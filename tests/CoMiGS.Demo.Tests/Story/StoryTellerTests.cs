using CoMiGS.Demo.Results;
using CoMiGS.Demo.Story;

namespace CoMiGS.Demo.Tests.Story;

public sealed class StoryTellerTests
{
    [Fact]
    public void Rich_devices_win_alone_poor_ones_together_and_CoMiGS_lies_between()
    {
        var story = Tell();

        story.Should().Contain("analyzers (13.0%) and nuget (7.9%) gained from the others")
            .And.Contain("cli (5.5%) and fsharp (5.3%) did better alone")
            .And.Contain("CoMiGS is between the two for every device: never the worst.")
            .And.Contain("It kept cli 64% and fsharp 54% of what staying local gains.")
            .And.Contain("It gave analyzers 51% and nuget 48% of what sharing gains.")
            .And.Contain("FedAvg 8.393, CoMiGS 8.510 and Local 8.673")
            .And.Contain("62.0% of what sharing everything does");
    }

    [Fact]
    public void A_best_CoMiGS_is_called_better_than_both() =>
        Tell(comigs: [7.0, 8.0, 9.0, 7.0]).Should().Contain("CoMiGS is better than both for every device: never the worst.")
            .And.Contain("(base model) down to 7.75 (CoMiGS)");

    [Fact]
    public void A_worst_CoMiGS_is_called_worse_than_both()
    {
        var story = Tell(comigs: [7.83, 9.9, 9.74, 7.5]);

        story.Should().Contain("CoMiGS is better than both for nuget, between the two for cli and analyzers and worse than both for fsharp.")
            .And.NotContain("never the worst");
    }

    [Fact]
    public void Devices_with_a_choice_are_told_by_what_their_routers_prefer()
    {
        var result = SampleResult.Create();
        var story = string.Join("\n", StoryTeller.Tell(result with { Routing = [Routing(0.3), Routing(0.4), Routing(0.9), result.Routing[3]] }));

        story.Should().Contain("By the routers' choice analyzers (90%) relies mostly on the generalist that all share, cli (70%) and fsharp (60%) rely mostly on specialists of their own")
            .And.NotContain("nuget (100%)");

        DeviceRouting Routing(double generalist) => result.Routing[0] with { ExpertShare = [[generalist, 1 - generalist]] };
    }

    [Fact]
    public void Where_sharing_makes_no_difference_nobody_gains()
    {
        var story = Tell(local: [8, 8, 8, 8], fedAvg: [8.01, 7.99, 8, 8]);

        story.Should().Contain("For cli, fsharp, analyzers and nuget it made no difference").And.NotContain("gained from the others").And.NotContain("did better alone");
    }

    [Fact]
    public void Methods_that_do_not_beat_the_base_model_are_not_praised() =>
        Tell(local: [50, 50, 50, 50], fedAvg: [60, 60, 60, 60], comigs: [55, 55, 55, 55])
            .Should().Contain("No method improves on the base model's mean test perplexity per byte of 41.15; the closest is Local with 50.00.");

    private static string Tell(double[]? local = null, double[]? fedAvg = null, double[]? comigs = null) =>
        string.Join("\n", StoryTeller.Tell(SampleResult.Create(local, fedAvg, comigs)));
}
