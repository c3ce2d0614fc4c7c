using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.TestKit;

/// <summary>A run whose coordinator dies before or after every single record that it writes ends with the same bits as one that nothing happens to.</summary>
public abstract class CrashConformance
{
    /// <summary>Strategies of every kind: a sum, a sum with a state, all updates together, and views for every device.</summary>
    public static TheoryData<string> Strategies => [.. Known.Keys];

    private static Dictionary<string, Func<IAggregationStrategy>> Known { get; } = new()
    {
        ["WeightedMean"] = () => new WeightedMean(),
        ["FedAdam"] = () => new ServerOptimizerStrategy(ServerMethod.Adam),
        ["CoordinateMedian"] = () => new CoordinateMedian(),
        ["FlexLora"] = () => new FlexLoraStrategy(),
    };

    /// <summary>An empty store, that can be opened as by another process.</summary>
    /// <param name="name">Tells the stores of a test apart.</param>
    protected abstract IRoundStore Store(string name);

    [Theory]
    [MemberData(nameof(Strategies))]
    public virtual async Task Wherever_the_coordinator_dies_the_result_is_the_same_to_the_bit(string strategy)
    {
        var fleet = new KitFleet(Known[strategy]);
        var undisturbed = await fleet.LeadAsync(() => null);
        var counting = new FragileStore(Store("count"), (_, _) => { });
        (await fleet.LeadAsync(() => counting)).Should().Equal(undisturbed, "a store changes nothing");

        for (var crash = 1; crash <= counting.Appends; crash++)
        {
            foreach (var when in new[] { false, true })
            {
                (await StruckAsync(fleet, $"crash {crash} {when}", crash, when)).Should().Equal(undisturbed, $"the coordinator died {(when ? "after" : "before")} record {crash}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public virtual async Task A_store_that_fails_for_a_while_costs_nothing_but_time(string strategy)
    {
        var fleet = new KitFleet(Known[strategy]);
        var undisturbed = await fleet.LeadAsync(() => null);
        var store = new FragileStore(Store("failing"), (appends, written) =>
        {
            if (appends % 3 != 0 && appends % 7 == (written ? 1 : 2))
            {
                throw new StoreException("The disk is full."); // once written it is there all the same, which the coordinator has to find out
            }
        });

        (await fleet.LeadAsync(() => store)).Should().Equal(undisturbed);
        store.Appends.Should().BeGreaterThan(1 + KitFleet.Rounds);
    }

    private Task<IReadOnlyList<float>> StruckAsync(KitFleet fleet, string name, int crash, bool written)
    {
        var (dead, struck) = (false, false);
        var store = Store(name);
        return fleet.LeadAsync(
            () =>
            {
                dead = false;
                return new FragileStore(store, (appends, after) =>
                {
                    dead |= !struck && appends == crash && after == written;
                    if (dead)
                    {
                        struck = true;
                        throw new StoreException("The process is dead.");
                    }
                });
            },
            () => dead);
    }
}
