using System.Diagnostics;
using System.Globalization;
using CoMiGS.Aggregation;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport;
using Xunit.Abstractions;

namespace CoMiGS.Storage.Sqlite.Tests;

/// <summary>Updates as large as GPT-2 small's generalist.</summary>
[Trait("Category", "Long")]
public sealed class MemoryTests(ITestOutputHelper output) : IDisposable
{
    private const int Numbers = 1_180_000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_times_as_many_devices_take_no_more_memory_while_a_round_is_open_and_when_it_goes_on(bool needsAll)
    {
        var few = await HeldAsync(8, needsAll);
        var many = await HeldAsync(80, needsAll);

        (many - few).Should().BeLessThan(5 * Numbers * sizeof(float), "72 updates more would take 72 times that much if they were kept");
    }

    /// <summary>The most bytes that are held between two messages, before and after the coordinator was exchanged.</summary>
    private async Task<long> HeldAsync(int devices, bool needsAll)
    {
        var names = Enumerable.Range(0, devices).Select(i => string.Create(CultureInfo.InvariantCulture, $"device {i}")).ToList();
        return Math.Max(await BeginAsync(names, needsAll), await EndAsync(names, needsAll));
    }

    private async Task<long> BeginAsync(List<string> names, bool needsAll)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var coordinator = Coordinator(names.Count, needsAll);
        var plans = names.Select(name => coordinator.CheckInAsync(OneDevice.CheckIn(numbers: Numbers) with { Device = name })).ToList();
        (await Task.WhenAll(plans)).Should().AllBeOfType<RoundPlan>();
        var watch = Stopwatch.StartNew();
        foreach (var name in names.Skip(1))
        {
            await SendAsync(coordinator, name);
        }

        output.WriteLine($"{names.Count - 1} updates of {Numbers * sizeof(float)} bytes written and counted in {watch.Elapsed}");
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private async Task<long> EndAsync(List<string> names, bool needsAll)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        using var coordinator = Coordinator(names.Count, needsAll);
        output.WriteLine($"{names.Count - 1} updates read and counted again in {watch.Elapsed}");
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        await SendAsync(coordinator, names[0]);
        coordinator.Finished.IsCompleted.Should().BeTrue();
        coordinator.Shared["x"].AsFloats()[Numbers - 1].Should().Be(0.1f);
        return held;
    }

    private static async Task SendAsync(Coordinator coordinator, string name) =>
        (await coordinator.UploadAsync(OneDevice.Update(0.1f, numbers: Numbers) with { Device = name })).Accepted.Should().BeTrue();

    private Coordinator Coordinator(int devices, bool needsAll) => new(
        new RoundOptions { Count = 1, MinimumDevices = devices },
        needsAll ? new CoordinateMedian() : new WeightedMean(),
        store: new SqliteRoundStore(_folder.File(string.Create(CultureInfo.InvariantCulture, $"{devices}.db"))));
}
