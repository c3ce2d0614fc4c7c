using CoMiGS.Aggregation;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Coordination;

/// <summary>Adding updates to the exact running sum, beside <c>sum += w x</c> over the same numbers on as many threads.</summary>
internal sealed class SumSection : Section
{
    /// <summary>Its name.</summary>
    public const string Sum = "sum";

    /// <summary>The exact sum.</summary>
    public const string Exact = "exact";

    /// <summary>What it is compared with.</summary>
    public const string Plain = "sum += w x";

    private const int Updates = 8;

    /// <inheritdoc/>
    public override string Name => Sum;

    /// <summary>How many threads add.</summary>
    public static IReadOnlyList<int> Threads { get; } = [1, 2];

    /// <summary>The case of so many threads.</summary>
    public static string CaseOf(int threads) => $"{threads}";

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) => Threads.Select(threads => new Job(Name, CaseOf(threads), BlasSetting.Detected.Name, Seconds: 6, smoke));

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var size = SyntheticUpdate.Of(job.Smoke);
        List<TensorSet> updates = [.. Enumerable.Range(0, Updates).Select(i => size.Numbers(i))];
        return job.Time(job.Case == CaseOf(1) ? OnOneThread(updates) : OnTwo(updates));
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("threads", "", "ms an update", "min", "spread", "`sum += w x` / it");
        foreach (var m in results.Of(Name))
        {
            table.Add([m.Case, m.Subject, .. Text.Times(new([.. m.Values.Select(seconds => seconds / Updates)])), Text.Ratio(results.Ratio(Name, m.Case, Plain, m.Subject, m.Blas))]);
        }

        return table.ToString();
    }

    /// <summary>Tensor by tensor: the library takes a second thread for larger sets only.</summary>
    private static IReadOnlyList<Subject> OnOneThread(List<TensorSet> updates)
    {
        var rounds = updates[0].Select(tensor => Begin([tensor])).ToList();
        var parts = updates.Select(update => update.Select(tensor => Sent([tensor])).ToList()).ToList();
        var sums = updates[0].Select(tensor => new float[tensor.Spec.ElementCount]).ToList();
        return
        [
            new(Exact, () => parts.ForEach(update => Each(update.Count, i => rounds[i].Add(ShareOf(update[i].Tensors), update[i]), threads: 1))),
            new(Plain, () => updates.ForEach(update => Each(sums.Count, i => PlainSum.Add(sums[i], update[i].AsFloats(), 0.1f), threads: 1))),
        ];
    }

    private static IReadOnlyList<Subject> OnTwo(List<TensorSet> updates)
    {
        var round = Begin(updates[0]);
        var share = ShareOf(updates[0]);
        var sent = updates.Select(Sent).ToList();
        var sums = updates[0].Select(tensor => new float[tensor.Spec.ElementCount]).ToList();
        return
        [
            new(Exact, () => sent.ForEach(update => round.Add(share, update))),
            new(Plain, () => updates.ForEach(update => Each(sums.Count, i => PlainSum.Add(sums[i], update[i].AsFloats(), 0.1f), threads: 2))),
        ];
    }

    private static void Each(int count, Action<int> tensor, int threads)
    {
        if (threads == 1)
        {
            for (var i = 0; i < count; i++)
            {
                tensor(i);
            }
        }
        else
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, tensor);
        }
    }

    private static IAggregation Begin(IEnumerable<NamedTensor> tensors) => new WeightedMean().Begin(new(1, 1, 1, ShareOf(tensors), TensorSet.Empty));

    private static DeviceShare ShareOf(IEnumerable<NamedTensor> tensors) => new("device", SyntheticUpdate.Samples, [.. tensors.Select(tensor => tensor.Spec)], []);

    private static ExpertUpdate Sent(IEnumerable<NamedTensor> tensors) => SyntheticUpdate.Update("run", 1, "device", new(tensors));
}
