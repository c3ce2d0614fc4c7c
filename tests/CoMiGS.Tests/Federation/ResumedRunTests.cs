using System.Runtime.CompilerServices;
using CoMiGS.Aggregation;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

/// <summary>A coordinator that follows another one on the same store; that every strategy ends alike is <see cref="CrashConformance"/>'s business.</summary>
public sealed class ResumedRunTests
{
    private static readonly RoundOptions Options = new() { Count = 2, MinimumDevices = 2, Deadline = TimeSpan.FromMinutes(1) };
    private readonly InMemoryRoundStore _store = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task It_gives_the_same_plan_and_counts_what_was_counted()
    {
        RoundPlan plan;
        using (var first = Next())
        {
            plan = await OpenAsync(first);
            (await first.UploadAsync(Sent.Update("a", value: 1))).Accepted.Should().BeTrue();
        }

        using var second = Next();

        (await second.CheckInAsync(Sent.CheckIn("b")).WaitAsync(Patience)).Should().BeEquivalentTo(plan);
        (await second.UploadAsync(Sent.Update("a", value: 1))).Accepted.Should().BeTrue("the device did not hear the answer, and repeats its question");
        (await second.UploadAsync(Sent.Update("a", value: 5, attempt: 2))).Code.Should().Be(RefusalCode.Duplicate);
        (await second.UploadAsync(Sent.Update("b", value: 3))).Accepted.Should().BeTrue();
        Sent.Floats(second.Shared).Should().Equal(2, 3, -2);
        (await second.DownloadAsync(new DownloadRequest("run", "a", 1))).Should().BeSameAs(second.Shared);
    }

    [Fact]
    public async Task A_finished_run_stays_finished_and_hands_out_its_last_version()
    {
        var options = new RoundOptions { Count = 1 };
        using (var first = Next(options))
        {
            await first.CheckInAsync(Sent.CheckIn("a"));
            await first.UploadAsync(Sent.Update("a"));
        }

        using var second = Next(options);

        (await second.Finished.WaitAsync(Patience)).Should().Be(new RunFinished(1, 1));
        (await second.CheckInAsync(Sent.CheckIn("a"))).Should().Be(new RunFinished(1, 1));
        Sent.Floats(await second.DownloadAsync(new DownloadRequest("run", "a", 1))).Should().Equal(1, 2, -1);
        (await second.UploadAsync(Sent.Update("a"))).Accepted.Should().BeTrue("repeats of the last round are still known");
    }

    [Fact]
    public async Task A_run_may_be_made_longer()
    {
        using (var first = Next(new RoundOptions { Count = 1 }))
        {
            await first.CheckInAsync(Sent.CheckIn("a"));
            await first.UploadAsync(Sent.Update("a"));
        }

        using var second = Next(new RoundOptions { Count = 2 });

        (await second.CheckInAsync(Sent.CheckIn("a"))).Should().BeOfType<RoundPlan>().Which.Should().Match<RoundPlan>(plan => plan.Round == 2 && plan.Version == 1);
    }

    [Fact]
    public async Task A_device_whose_update_was_refused_is_not_waited_for_afterwards()
    {
        var options = new RoundOptions { Count = 1, MinimumDevices = 1, ExpectedDevices = 2 };
        using (var first = Next(options))
        {
            await OpenAsync(first);
            (await first.UploadAsync(Sent.Update("b", value: float.NaN))).Code.Should().Be(RefusalCode.NotFinite);
        }

        using var second = Next(options);

        (await second.UploadAsync(Sent.Update("a"))).Accepted.Should().BeTrue();
        second.Finished.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_deadline_goes_on_from_where_it_was_whatever_the_clock_shows()
    {
        var options = new RoundOptions { Count = 1, MinimumDevices = 1, ExpectedDevices = 2, Deadline = TimeSpan.FromMinutes(1) };
        using (var first = Next(options))
        {
            await OpenAsync(first);
            _time.Advance(TimeSpan.FromSeconds(50));
            await first.UploadAsync(Sent.Update("a"));
        }

        _time.Advance(TimeSpan.FromHours(3));
        _time.WallClockIsOff = TimeSpan.FromDays(-400);
        using var second = Next(options);
        second.Finished.IsCompleted.Should().BeFalse("while nobody leads the run its time stands still");

        _time.Advance(TimeSpan.FromSeconds(9));
        second.Finished.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        second.Finished.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_clock_that_is_set_ahead_or_back_closes_no_round_and_holds_none_open()
    {
        using var coordinator = Next(new RoundOptions { Count = 1, MinimumDevices = 1, ExpectedDevices = 2, Deadline = TimeSpan.FromMinutes(1) });
        await OpenAsync(coordinator);
        _time.WallClockIsOff = TimeSpan.FromDays(1);
        await coordinator.UploadAsync(Sent.Update("a"));
        coordinator.Finished.IsCompleted.Should().BeFalse();
        (await coordinator.CheckInAsync(Sent.CheckIn("b"))).Should().BeOfType<RoundPlan>().Which.Deadline.Should().Be(_time.GetUtcNow().AddMinutes(1), "devices read the clock on the wall");

        _time.WallClockIsOff = TimeSpan.FromDays(-1);
        _time.Advance(TimeSpan.FromMinutes(1));

        coordinator.Finished.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public void Another_strategy_or_seed_cannot_go_on_with_a_run()
    {
        using (var first = Next(new RoundOptions { InitialSeed = 1 }))
        {
            first.CheckInAsync(Sent.CheckIn("a"));
        }

        FluentActions.Invoking(() => Next(new RoundOptions { InitialSeed = 2, BaseFingerprint = "other" }, new UniformMean())).Should().Throw<InvalidOperationException>()
            .WithMessage("*run 'run'*strategy is WeightedMean, and this coordinator's UniformMean*InitialSeed is 1, and this coordinator's 2*BaseFingerprint is base, and this coordinator's other*");
        using var again = Next(new RoundOptions { InitialSeed = 1 });
    }

    [Fact]
    public async Task A_record_that_is_damaged_is_named()
    {
        using (var first = Next(new RoundOptions()))
        {
            await first.CheckInAsync(Sent.CheckIn("a"));
        }

        using (var log = _store.Open("run"))
        {
            log.Append(new RunRecord(2, new byte[] { 4, 1, 0, 0 }), replacesAll: false);
        }

        FluentActions.Invoking(() => Next(new RoundOptions())).Should().Throw<StoreException>().WithMessage("Record 2 of the run 'run' is damaged*");
        using var open = _store.Open("run");
    }

    [Fact]
    public void A_strategy_that_needs_all_updates_holds_none_while_a_round_is_open()
    {
        using var log = _store.Open("run");
        var machine = new RoundMachine(new RoundOptions { Count = 1, MinimumDevices = 2 }, new CoordinateMedian(), log: log);
        machine.CheckIn(Sent.CheckIn("a"), DateTimeOffset.UnixEpoch);
        machine.CheckIn(Sent.CheckIn("b"), DateTimeOffset.UnixEpoch);

        var update = Given(machine);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        update.IsAlive.Should().BeFalse();
        machine.Update(Sent.Update("b", value: 3), DateTimeOffset.UnixEpoch).Accepted.Should().BeTrue();
        Sent.Floats(machine.Shared).Should().Equal(2, 3, -2);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Given(RoundMachine machine)
        {
            var update = Sent.Update("a", value: 1);
            machine.Update(update, DateTimeOffset.UnixEpoch).Accepted.Should().BeTrue();
            machine.TakeEvents();
            return new WeakReference(update.Tensors);
        }
    }

    [Fact]
    public async Task An_update_is_acknowledged_even_when_the_end_of_its_round_cannot_be_written_yet()
    {
        var store = new FragileStore(_store, (appends, written) =>
        {
            if (appends is 3 or 4 && !written)
            {
                throw new StoreException("The disk is full.");
            }
        });
        using var coordinator = new Coordinator(new RoundOptions { Count = 1, RetryWithin = TimeSpan.FromSeconds(5) }, new ServerOptimizerStrategy(ServerMethod.Momentum), time: _time, store: store);
        await coordinator.CheckInAsync(Adapters.CheckIn("a"));

        (await coordinator.UploadAsync(Adapters.Update("a"))).Accepted.Should().BeTrue("its record is there");
        coordinator.Finished.IsCompleted.Should().BeFalse();
        await FluentActions.Awaiting(() => coordinator.CheckInAsync(Adapters.CheckIn("a"))).Should().ThrowAsync<StoreException>();

        _time.Advance(TimeSpan.FromSeconds(5));
        coordinator.Finished.IsCompleted.Should().BeTrue("it tries again by itself");
        coordinator.Shared["B"].AsFloats().ToArray().Should().Equal([1, 1], "the optimizer made one step, however often the end of the round was written");
    }

    private static async Task<RoundPlan> OpenAsync(Coordinator coordinator)
    {
        var waiting = coordinator.CheckInAsync(Sent.CheckIn("a"));
        await coordinator.CheckInAsync(Sent.CheckIn("b")).WaitAsync(Patience);
        return (RoundPlan)await waiting.WaitAsync(Patience);
    }

    private Coordinator Next(RoundOptions? options = null, IAggregationStrategy? strategy = null) => new(options ?? Options, strategy ?? new WeightedMean(), time: _time, store: _store);

    /// <summary>A device with one adapter, whose B comes back as ones.</summary>
    private static class Adapters
    {
        private static readonly TensorSpec[] Shared = [new("A", TensorType.Float32, [1, 2]), new("B", TensorType.Float32, [2, 1])];

        public static CheckIn CheckIn(string device) => Sent.CheckIn(device) with { Shared = Shared, Adapters = [new AdapterPair("A", "B", 1)] };

        public static ExpertUpdate Update(string device) => Sent.Update(device) with { Tensors = new([NamedTensor.FromFloats("A", [1, 2], [0, 0]), NamedTensor.FromFloats("B", [2, 1], [1, 1])]) };
    }
}
