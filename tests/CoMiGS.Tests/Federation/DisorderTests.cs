using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Tests.Federation;

/// <summary>What a network does to messages must not change what they amount to.</summary>
public sealed class DisorderTests
{
    private const int Rounds = 3;
    private static readonly string[] Devices = ["a", "b", "c"];

    [Fact]
    public void Repeated_late_early_and_reordered_updates_change_no_bit_of_the_result()
    {
        var orderly = Run(Devices, (_, _) => []);
        var disorder =
            from order in Gen.Shuffle(Devices)
            from noise in (from round in Gen.Choose(0, Rounds + 1) from device in Gen.Elements("a", "b", "c", "x") from attempt in Gen.Choose(1, 3) select Sent.Update(device, round, 999, attempt: attempt)).ListOf()
            select (order, noise);

        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(disorder.ToArbitrary(), given =>
            Run(given.order, (round, device) => given.noise.Where(update => !Counts(update, round, device))).SequenceEqual(orderly)));
    }

    [Fact]
    public void Equal_inputs_give_equal_events()
    {
        Events().Should().BeEquivalentTo(Events(), options => options.WithStrictOrdering().RespectingRuntimeTypes());

        static List<RoundEvent> Events()
        {
            var events = new List<RoundEvent>();
            Run(Devices, (_, _) => [Sent.Update("x"), Sent.Update("a", value: float.NaN)], events);
            return events;
        }
    }

    /// <summary>Whether an update of the noise would be the first proper one of its device in this round.</summary>
    private static bool Counts(ExpertUpdate update, int round, string nextDevice) => update.Round == round && update.Device != nextDevice && Devices.Contains(update.Device);

    /// <summary>Three rounds; after every update it comes again, and with it the noise, of which only repeats of that device fall into the round.</summary>
    private static float[] Run(string[] order, Func<int, string, IEnumerable<ExpertUpdate>> noise, List<RoundEvent>? events = null)
    {
        var machine = new RoundMachine(new RoundOptions { Count = Rounds, MinimumDevices = Devices.Length }, new WeightedMean());
        var now = DateTimeOffset.UnixEpoch;
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var device in order)
            {
                machine.CheckIn(Sent.CheckIn(device, Samples(device)), now);
            }

            foreach (var device in order)
            {
                var update = Sent.Update(device, round, Value(device, round), Samples(device));
                machine.Update(update, now).Accepted.Should().BeTrue();
                machine.Update(update, now).Accepted.Should().BeTrue("a repeat is told what the first was told");
                foreach (var other in noise(round, device))
                {
                    machine.Update(other, now);
                }
            }

            now = now.AddSeconds(1);
        }

        events?.AddRange(machine.TakeEvents());
        machine.IsFinished.Should().BeTrue();
        return Sent.Floats(machine.Shared);
    }

    private static long Samples(string device) => 1 + (device[0] * 1_000_003L % 5_000);

    private static float Value(string device, int round) => device[0] / (7f + round);
}
