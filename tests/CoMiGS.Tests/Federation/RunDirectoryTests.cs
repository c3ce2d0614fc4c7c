using CoMiGS.Federation;
using CoMiGS.Transport;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

public sealed class RunDirectoryTests
{
    [Fact]
    public async Task Two_runs_go_on_side_by_side_behind_one_transport()
    {
        using var one = Coordinator(new RoundOptions { Run = "one", Count = 3 });
        using var other = Coordinator(new RoundOptions { Run = "other", Count = 2 });
        var transport = new InMemoryTransport();
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(new RunDirectory([one, other]), stop.Token);
        var (slow, fast) = (new FakeTraining(1), new FakeTraining(10));

        await Task.WhenAll(new FederatedDevice("one", "anna", slow, transport).RunAsync(), new FederatedDevice("other", "anna", fast, transport).RunAsync()).WaitAsync(Patience);

        (await one.Finished).Should().Be(new RunFinished(3, 3));
        (await other.Finished).Should().Be(new RunFinished(2, 2));
        slow.Values.Should().Equal(Sent.Floats(one.Shared)).And.NotEqual(fast.Values);
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_run_that_nobody_leads_is_refused()
    {
        using var one = Coordinator(new RoundOptions { Run = "one" });
        var runs = new RunDirectory([one]);

        (await runs.CheckInAsync(Sent.CheckIn("anna"))).Should().BeOfType<Refused>().Which.Code.Should().Be(RefusalCode.UnknownRun);
        (await runs.UploadAsync(Sent.Update("anna"))).Code.Should().Be(RefusalCode.UnknownRun);
        await FluentActions.Awaiting(() => runs.DownloadAsync(new DownloadRequest("run", "anna", 1))).Should().ThrowAsync<RefusedException>();
    }

    [Fact]
    public void Two_coordinators_of_one_run_have_no_place_in_it()
    {
        using var one = Coordinator(new RoundOptions());
        using var again = Coordinator(new RoundOptions());

        FluentActions.Invoking(() => new RunDirectory([one, again])).Should().Throw<ArgumentException>();
    }
}
