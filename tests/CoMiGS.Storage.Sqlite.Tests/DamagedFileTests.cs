using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite.Tests;

/// <summary>A disk that lost a bit.</summary>
public sealed class DamagedFileTests
{
    private const int Numbers = 50_000;
    private static readonly RoundOptions Options = new() { Count = 1, MinimumDevices = 2 };

    [Fact]
    public async Task A_flipped_bit_of_an_update_is_an_error_that_names_run_and_record_and_costs_nothing_once_it_is_mended()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("runs.db");
        using (var first = Coordinator(file))
        {
            var waiting = first.CheckInAsync(OneDevice.CheckIn(numbers: Numbers));
            await first.CheckInAsync(OneDevice.CheckIn(numbers: Numbers) with { Device = "ben" });
            await waiting;
            (await first.UploadAsync(OneDevice.Update(1.5f, numbers: Numbers))).Accepted.Should().BeTrue();
        }

        var whole = File.ReadAllBytes(file);
        var damaged = (byte[])whole.Clone();
        var place = whole.AsSpan().IndexOf(Enumerable.Repeat(BitConverter.GetBytes(1.5f), 100).SelectMany(bytes => bytes).ToArray());
        damaged[place + 300] ^= 0x10;
        File.WriteAllBytes(file, damaged);

        FluentActions.Invoking(() => Coordinator(file)).Should().Throw<StoreException>().WithMessage("Record 2 of the run 'run' is damaged: its checksum says*Nothing was changed*");
        File.ReadAllBytes(file).Should().Equal(damaged, "nothing is lost that a copy or a clever person may still mend");

        File.WriteAllBytes(file, whole);
        using var next = Coordinator(file);
        (await next.UploadAsync(OneDevice.Update(2.5f, numbers: Numbers) with { Device = "ben" })).Accepted.Should().BeTrue();
        next.Shared["x"].AsFloats()[0].Should().Be(2);
    }

    private static Coordinator Coordinator(string file) => new(Options, new WeightedMean(), store: new SqliteRoundStore(file));
}
