using CoMiGS.Aggregation;
using CoMiGS.Parameters;

namespace CoMiGS.Federation;

/// <summary>Which of the devices that wait a round takes.</summary>
internal static class DeviceSample
{
    /// <summary>A part of them, drawn from the seed of the run: the same devices give the same round, in whatever order they came.</summary>
    /// <param name="waiting">The devices, in the order of their names.</param>
    /// <param name="round">The round.</param>
    /// <param name="options">How many.</param>
    /// <returns>The devices of the round, in the order of their names.</returns>
    public static IEnumerable<DeviceShare> Of(IReadOnlyCollection<DeviceShare> waiting, int round, RoundOptions options)
    {
        var count = Math.Max(options.MinimumDevices, (int)Math.Ceiling(options.SampleFraction * waiting.Count));
        var seed = new Seed(options.InitialSeed).For("sample").For(round);
        return count >= waiting.Count
            ? waiting
            : waiting.OrderBy(share => new SeededRandom(seed.For(share.Device)).NextDouble()).Take(count).OrderBy(share => share.Device, StringComparer.Ordinal);
    }
}
