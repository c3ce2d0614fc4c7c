using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>A host and a federation in the same process may both serve one coordinator.</summary>
public sealed class SharedServiceTests
{
    [Fact]
    public async Task A_coordinator_that_is_served_twice_is_served_until_both_have_ended()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        var coordinator = new AnsweringCoordinator();
        var first = new Serving(host.Transport, coordinator);
        var second = new Serving(host.Transport, coordinator);
        var device = host.Device("anna");
        await first.DisposeAsync();

        await device.CheckInAsync(Sample.CheckIn("anna"));

        await second.DisposeAsync();
        await FluentActions.Awaiting(() => device.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<TransportException>();
    }
}
