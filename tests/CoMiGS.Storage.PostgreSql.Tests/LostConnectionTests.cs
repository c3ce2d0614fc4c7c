using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.PostgreSql.Tests;

[Trait("Category", "Long")]
public sealed class LostConnectionTests(Server server) : IClassFixture<Server>
{
    private static readonly string EndAllSessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'd%'";

    [PostgreSqlFact]
    public async Task A_coordinator_goes_on_when_its_server_has_crashed_and_is_back()
    {
        using var coordinator = Coordinator(server.Database());
        (await coordinator.CheckInAsync(OneDevice.CheckIn())).Should().BeOfType<RoundPlan>();
        server.Crash();

        (await FluentActions.Awaiting(() => coordinator.UploadAsync(OneDevice.Update(3))).Should().ThrowAsync<StoreException>()).WithMessage("The run 'run' cannot be*Nothing was acknowledged*");

        server.Start();
        await EventuallyAsync(() => coordinator.UploadAsync(OneDevice.Update(3)));
        coordinator.Shared["x"].AsFloats().ToArray().Should().Equal(3);
    }

    [PostgreSqlFact]
    public async Task A_coordinator_that_lost_its_connection_is_followed_by_another_and_cannot_write_meanwhile()
    {
        var database = server.Database();
        using var first = Coordinator(database);
        (await first.CheckInAsync(OneDevice.CheckIn())).Should().BeOfType<RoundPlan>();
        server.Execute(EndAllSessions);

        using (var second = Coordinator(database))
        {
            (await FluentActions.Awaiting(() => EventuallyAsync(() => first.UploadAsync(OneDevice.Update(9)))).Should().ThrowAsync<StoreException>()).WithMessage("Another coordinator leads the run 'run'*");
            (await second.UploadAsync(OneDevice.Update(3))).Accepted.Should().BeTrue();
        }

        await EventuallyAsync(() => first.UploadAsync(OneDevice.Update(9)), "the second one's round is over for the first one, too: this is a repeat of what that one counted");
        first.Shared["x"].AsFloats().ToArray().Should().Equal(3);
    }

    private static Coordinator Coordinator(string database) => new(new RoundOptions { Count = 2 }, new WeightedMean(), store: new PostgreSqlRoundStore(database));

    /// <summary>The first call after a break finds out that the connection is gone; the second makes a new one.</summary>
    private static async Task EventuallyAsync(Func<Task<UpdateReceipt>> upload, string because = "")
    {
        StoreException? failure = null;
        for (var i = 0; i < 5; i++)
        {
            try
            {
                (await upload()).Accepted.Should().BeTrue(because);
                return;
            }
            catch (StoreException e)
            {
                failure = e;
            }
        }

        throw failure!;
    }
}
