using System.Diagnostics;
using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite.Tests;

/// <summary>On a small disk of its own, which takes root and Linux; elsewhere these tests have nothing to show, and say so.</summary>
public sealed class FullDiskTests
{
    private const int Numbers = 100_000;

    [SmallDiskFact]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_with_room_the_run_goes_on()
    {
        using var disk = new SmallDisk();
        using var coordinator = Coordinator(disk.File("runs.db"));
        (await coordinator.CheckInAsync(CheckIn)).Should().BeOfType<RoundPlan>();
        disk.Fill();

        for (var i = 0; i < 3; i++)
        {
            (await FluentActions.Awaiting(() => coordinator.UploadAsync(Update)).Should().ThrowAsync<StoreException>()).WithMessage("The run 'run' cannot be written to*full*Nothing was acknowledged*");
        }

        coordinator.Finished.IsCompleted.Should().BeFalse();
        disk.MakeRoom();
        (await coordinator.UploadAsync(Update)).Accepted.Should().BeTrue();
        coordinator.Shared["x"].AsFloats()[0].Should().Be(3);
        (await coordinator.Finished).Should().Be(new RunFinished(1, 1));
    }

    [SmallDiskFact]
    public async Task On_a_disk_that_became_read_only_nothing_is_acknowledged_and_the_run_goes_on_once_it_can()
    {
        using var disk = new SmallDisk();
        using (var coordinator = Coordinator(disk.File("runs.db")))
        {
            (await coordinator.CheckInAsync(CheckIn)).Should().BeOfType<RoundPlan>();
        }

        disk.Remount("ro");
        FluentActions.Invoking(() => Coordinator(disk.File("runs.db"))).Should().Throw<StoreException>().WithMessage("*read-only*", "the coordinator does not even start");

        disk.Remount("rw");
        using var next = Coordinator(disk.File("runs.db"));
        (await next.UploadAsync(Update)).Accepted.Should().BeTrue();
        (await next.Finished).Should().Be(new RunFinished(1, 1));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        FluentActions.Invoking(() => new SqliteRoundStore("/nowhere/at/all/runs.db").Open("run")).Should().Throw<StoreException>().WithMessage("*nowhere*folder that exists*");
    }

    private static CheckIn CheckIn { get; } = OneDevice.CheckIn(numbers: Numbers);

    private static ExpertUpdate Update { get; } = OneDevice.Update(3, numbers: Numbers);

    private static Coordinator Coordinator(string file) => new(new RoundOptions { Count = 1 }, new WeightedMean(), store: new SqliteRoundStore(file));

    /// <summary>A file system of 4 MiB in memory.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public SmallDisk() => Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", _folder.Path);

        public string File(string name) => _folder.File(name);

        public void Fill()
        {
            using var filler = System.IO.File.Create(File("filler"));
            try
            {
                for (var block = new byte[4096]; ;)
                {
                    filler.Write(block);
                    filler.Flush();
                }
            }
            catch (IOException)
            {
                // full, as intended
            }
        }

        public void MakeRoom() => System.IO.File.Delete(File("filler"));

        public void Remount(string mode) => Run("mount", "-o", $"remount,{mode}", _folder.Path);

        public void Dispose()
        {
            Run("umount", _folder.Path);
            _folder.Dispose();
        }

        private static void Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            process.ExitCode.Should().Be(0, $"{program} {string.Join(' ', arguments)}");
        }
    }
}
