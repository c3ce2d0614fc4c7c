using CoMiGS.Aggregation;
using CoMiGS.Bench.Coordination;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Strategies;

/// <summary>A round of every strategy at the coordinator: eight devices, the generalist and the attention adapters of a GPT-2-small.</summary>
internal sealed class StrategySection : Section
{
    /// <summary>Its name.</summary>
    public const string Strategy = "strategy";

    /// <summary>What a round is compared with: reading the same numbers once, and adding them up.</summary>
    public const string Bandwidth = SumSection.Plain;

    private const string Round = "round", Numbers = "numbers";
    private const int DeviceCount = 8, Rounds = 10;
    private const long Seed = 42;

    /// <inheritdoc/>
    public override string Name => Strategy;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) => [new(Name, "all", BlasSetting.Detected.Name, Seconds: 40, smoke)];

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var updates = new[] { LoraFactor.None, LoraFactor.A, LoraFactor.B }.ToDictionary(factor => factor, factor => Devices.Updates(DeviceCount, job.Smoke, factor));
        var strategies = (from strategy in StrategyCases.All() let own = Fitting(strategy, updates.Values, job.Smoke) where own is not null select (strategy, own)).ToList();
        foreach (var (strategy, own) in strategies)
        {
            var share = new Job(job.Section, job.Case, job.Blas, job.Seconds / strategies.Count, job.Smoke);
            var moment = First(strategy, own[0].Device);
            moment = moment with { Round = 2, Shared = Combine(strategy, moment, own) };
            foreach (var measured in share.Time([new(Round, () => Combine(strategy, moment, own)), new(Bandwidth, () => AddUp(own))], strategy.Name))
            {
                yield return measured;
            }

            yield return job.Of(Numbers, Measurement.Number, [own[0].Update.Tensors.Specs.Sum(spec => spec.ElementCount)], strategy.Name);
        }
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("strategy", "numbers a device", "ms", "min", "spread", "`sum += w x` ms", "/ `sum += w x`");
        foreach (var strategy in results.Of(Name).Select(m => (m.Case, m.Blas)).Distinct())
        {
            Sample? Find(string subject) => results.Find(Name, strategy.Case, subject, strategy.Blas);
            table.Add([
                strategy.Case, Text.Thousands(Find(Numbers)?.Median), .. Text.Times(Find(Round)), Text.Milliseconds(Find(Bandwidth)?.Median),
                Text.Ratio(results.Ratio(Name, strategy.Case, Round, Bandwidth, strategy.Blas)),
            ]);
        }

        var others = StrategyCases.All().Select(strategy => strategy.Name).Except(results.Of(Name).Select(m => m.Case));
        return $"{table}\n\nNot measured, because they combine nothing: {string.Join(", ", others.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>The updates of devices that the strategy takes; null where it takes none, as one that combines nothing.</summary>
    private static IReadOnlyList<DeviceUpdate>? Fitting(IAggregationStrategy strategy, IEnumerable<IReadOnlyList<DeviceUpdate>> updates, bool smoke) =>
        strategy.Needs.Assigns ? Devices.Assigned(strategy, DeviceCount, smoke) : updates.FirstOrDefault(devices => strategy.Objection(devices[0].Device, null) is null);

    private static RunMoment First(IAggregationStrategy strategy, DeviceShare first) => new(1, Rounds, Seed, first, strategy.Start(first, Seed));

    /// <summary>A whole round, with the view of every device where each has its own.</summary>
    private static TensorSet Combine(IAggregationStrategy strategy, RunMoment moment, IReadOnlyList<DeviceUpdate> updates)
    {
        var round = strategy.Begin(moment);
        foreach (var update in updates)
        {
            round.Add(update.Device, update.Update);
        }

        var shared = round.Complete();
        if (strategy.Needs.DeviceViews)
        {
            foreach (var update in updates)
            {
                strategy.View(moment with { Round = moment.Round + 1, Shared = shared }, update.Device);
            }
        }

        return shared;
    }

    private static void AddUp(IReadOnlyList<DeviceUpdate> updates)
    {
        foreach (var sent in updates.SelectMany(update => update.Update.Tensors).GroupBy(tensor => tensor.Spec.Name, StringComparer.Ordinal))
        {
            var sum = new float[sent.First().Spec.ElementCount];
            foreach (var tensor in sent)
            {
                PlainSum.Add(sum, tensor.AsFloats(), 1f / updates.Count);
            }
        }
    }
}
