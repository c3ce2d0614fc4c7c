using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.TestKit;

/// <summary>Three devices and a coordinator that can be exchanged under them; what they send follows from what they were given, so that any slip shows in the end.</summary>
/// <param name="strategy">Makes the strategy of every coordinator.</param>
public sealed class KitFleet(Func<IAggregationStrategy> strategy)
{
    /// <summary>How many rounds.</summary>
    public const int Rounds = 3;

    private static readonly string[] Names = ["anna", "ben", "chloé"];
    private static readonly TensorSpec[] Shared = [new("lora_A", TensorType.Float32, [2, 3]), new("lora_B", TensorType.Float32, [4, 2])];
    private static readonly AdapterPair[] Adapters = [new("lora_A", "lora_B", 2)];

    /// <summary>The options of every coordinator.</summary>
    public static RoundOptions Options => new() { Count = Rounds, MinimumDevices = Names.Length };

    /// <summary>Leads the run to its end, with a new coordinator on the same store whenever one is struck down.</summary>
    /// <param name="open">Opens the store, as a new process would.</param>
    /// <param name="isStruck">Whether an exception is the end of a coordinator; if not, the message is repeated.</param>
    /// <returns>What each device downloads last, number by number.</returns>
    public IReadOnlyList<float> Lead(Func<IRoundStore?> open, Func<Exception, bool>? isStruck = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        var coordinator = Start(open);
        var results = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        var sent = new Dictionary<string, (int Round, ExpertUpdate Update)>();
        try
        {
            for (var turn = 0; results.Count < Names.Length; turn++)
            {
                if (turn > 10_000)
                {
                    throw new TimeoutException("The run does not end.");
                }

                var name = Names[turn % Names.Length];
                try
                {
                    TakeTurn(coordinator, name, sent, results);
                }
                catch (StoreException e)
                {
                    if (isStruck?.Invoke(e) == true)
                    {
                        coordinator.Dispose();
                        coordinator = Start(open);
                    }
                }
            }
        }
        finally
        {
            coordinator.Dispose();
        }

        return [.. results.Values.SelectMany(values => values)];
    }

    private Coordinator Start(Func<IRoundStore?> open) => new(Options, strategy(), store: open());

    /// <summary>Whoever has trained sends, again and again until it hears that it counts; whoever has not, asks.</summary>
    private static void TakeTurn(Coordinator coordinator, string name, Dictionary<string, (int Round, ExpertUpdate Update)> sent, SortedDictionary<string, float[]> results)
    {
        if (sent.TryGetValue(name, out var pending))
        {
            Answer(coordinator.UploadAsync(pending.Update)).Reason.Should().BeEmpty("what was sent is due until it was acknowledged");
            sent.Remove(name);
            return;
        }

        var asked = coordinator.CheckInAsync(new CheckIn("run", name, "base", Shared, Samples(name), ProtocolVersion.Current) { Adapters = Adapters });
        switch (asked.IsCompleted ? Answer(asked) : null)
        {
            case RoundPlan plan:
                sent[name] = (plan.Round, Train(name, plan, Download(coordinator, name, plan.Version)));
                break;
            case RunFinished finished:
                results[name] = [.. Download(coordinator, name, finished.Version).SelectMany(tensor => tensor.AsFloats().ToArray())];
                break;
        }
    }

    private static ExpertUpdate Train(string name, RoundPlan plan, TensorSet start) => new(
        plan.Run, plan.Round, name, 1, "base", Samples(name), new TensorSet(Shared.Select(spec => Trained(spec, name, plan.Round, start))), new Dictionary<string, double> { ["loss"] = plan.Round });

    private static NamedTensor Trained(TensorSpec spec, string name, int round, TensorSet start)
    {
        var from = start.TryGet(spec.Name, out var tensor) ? tensor.AsFloats().ToArray() : new float[spec.ElementCount];
        return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. from.Select((value, i) => (value * 0.9f) + (MathF.Sin((name[0] * 7) + (round * 3) + i) / 3f))]);
    }

    private static TensorSet Download(Coordinator coordinator, string name, long version) =>
        version == 0 ? TensorSet.Empty : Answer(coordinator.DownloadAsync(new DownloadRequest("run", name, version)));

    private static long Samples(string name) => 100 + (name[0] * 13);

    private static T Answer<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
