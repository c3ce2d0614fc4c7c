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
    /// <param name="isStruck">Whether a failure of the store is the end of a coordinator; if not, the message is repeated.</param>
    /// <returns>What each device downloads last, number by number.</returns>
    public async Task<IReadOnlyList<float>> LeadAsync(Func<IRoundStore?> open, Func<bool>? isStruck = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        using var office = new Office(() => new Coordinator(Options, strategy(), store: open()), isStruck ?? (() => false));
        var ends = await Task.WhenAll(Names.Select(name => Task.Run(() => TakePartAsync(name, office)))).WaitAsync(TimeSpan.FromMinutes(1));
        return [.. ends.SelectMany(values => values)];
    }

    /// <summary>Whoever has trained sends, again and again until it hears that it counts; whoever has not, asks.</summary>
    private static async Task<float[]> TakePartAsync(string name, Office office)
    {
        ExpertUpdate? pending = null;
        while (true)
        {
            var desk = office.Desk;
            try
            {
                if (pending is not null)
                {
                    (await desk.Coordinator.UploadAsync(pending)).Reason.Should().BeEmpty("what was sent is due until it was acknowledged");
                    pending = null;
                    continue;
                }

                switch (await desk.Coordinator.CheckInAsync(CheckIn(name), desk.Gone.Token))
                {
                    case RoundPlan plan:
                        pending = Train(name, plan, await DownloadAsync(desk.Coordinator, name, plan.Version));
                        break;
                    case RunFinished finished:
                        return [.. (await DownloadAsync(desk.Coordinator, name, finished.Version)).SelectMany(tensor => tensor.AsFloats().ToArray())];
                }
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException or ObjectDisposedException)
            {
                office.Exchange(desk);
            }
        }
    }

    private static CheckIn CheckIn(string name) => new("run", name, "base", Shared, Samples(name), ProtocolVersion.Current) { Adapters = Adapters };

    private static ExpertUpdate Train(string name, RoundPlan plan, TensorSet start) => new(
        plan.Run, plan.Round, name, 1, "base", Samples(name), new TensorSet(Shared.Select(spec => Trained(spec, name, plan.Round, start))), new Dictionary<string, double> { ["loss"] = plan.Round });

    private static NamedTensor Trained(TensorSpec spec, string name, int round, TensorSet start)
    {
        var from = start.TryGet(spec.Name, out var tensor) ? tensor.AsFloats().ToArray() : new float[spec.ElementCount];
        return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. from.Select((value, i) => (value * 0.9f) + (MathF.Sin((name[0] * 7) + (round * 3) + i) / 3f))]);
    }

    private static async Task<TensorSet> DownloadAsync(Coordinator coordinator, string name, long version) =>
        version == 0 ? TensorSet.Empty : await coordinator.DownloadAsync(new DownloadRequest("run", name, version));

    private static long Samples(string name) => 100 + (name[0] * 13);

    /// <summary>A coordinator, and the connections to it.</summary>
    private sealed record Desk(Coordinator Coordinator, CancellationTokenSource Gone);

    /// <summary>Where the devices find whoever leads the run at the moment.</summary>
    private sealed class Office(Func<Coordinator> start, Func<bool> isStruck) : IDisposable
    {
        private readonly Lock _lock = new();

        public Desk Desk { get; private set; } = new(start(), new CancellationTokenSource());

        public void Exchange(Desk desk)
        {
            lock (_lock)
            {
                if (Desk != desk || !isStruck())
                {
                    return;
                }

                desk.Coordinator.Dispose();
                Desk = new Desk(start(), new CancellationTokenSource());
            }

            desk.Gone.Cancel();
        }

        public void Dispose()
        {
            Desk.Coordinator.Dispose();
            Desk.Gone.Dispose();
        }
    }
}
