using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Storage.Sqlite.Tests;

public sealed class TwoCoordinatorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_second_coordinator_of_a_run_does_not_start_until_the_first_has_ended()
    {
        var first = Compose("run");
        first.GetRequiredService<Coordinator>();
        using var second = Compose("run");

        FluentActions.Invoking(second.GetRequiredService<Coordinator>).Should().Throw<StoreException>().WithMessage("Another coordinator leads the run 'run'*runs.db*");

        first.Dispose();
        second.GetRequiredService<Coordinator>().Finished.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Coordinators_of_two_runs_share_a_file()
    {
        using var one = Compose("one");
        using var other = Compose("other");

        foreach (var (provider, run, value) in new[] { (one, "one", 1f), (other, "other", 2f) })
        {
            var coordinator = provider.GetRequiredService<Coordinator>();
            (await coordinator.CheckInAsync(OneDevice.CheckIn(run))).Should().BeOfType<RoundPlan>();
            (await coordinator.UploadAsync(OneDevice.Update(value, run))).Accepted.Should().BeTrue();
        }

        one.GetRequiredService<Coordinator>().Shared["x"].AsFloats().ToArray().Should().Equal(1);
        other.GetRequiredService<Coordinator>().Shared["x"].AsFloats().ToArray().Should().Equal(2);
    }

    private ServiceProvider Compose(string run)
    {
        var services = new ServiceCollection();
        services.AddCoMiGS().AddCoordinator(c => c.UseSqlite(_folder.File("runs.db")).UseRounds(r => (r.Run, r.Count) = (run, 1)));
        return services.BuildServiceProvider();
    }
}
