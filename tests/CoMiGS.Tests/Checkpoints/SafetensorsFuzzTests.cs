using System.Diagnostics;
using CoMiGS.Checkpoints;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>Throws spoiled files at the reader: it may read them or refuse them, and nothing else, and takes no more memory than they justify.</summary>
public sealed class SafetensorsFuzzTests : IDisposable
{
    private const ulong Seed = 20240913;

    /// <summary>For opening a file, and for the message that refuses it; what the file's content costs comes on top.</summary>
    private const long FixedBytes = 64 * 1024;
    private const long BytesForEachByte = 32;
    private const int Tries = 3; // a file that is slow is slow again, a machine that stood still is not
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(5);

    private readonly ITestOutputHelper _output;
    private readonly string _folder;
    private readonly string _file;
    private int _refused;
    private long _mostBytes;

    public SafetensorsFuzzTests(ITestOutputHelper output)
    {
        _output = output;
        _folder = Directory.Exists("/dev/shm") // a file system in memory, where there is one: a hundred thousand files need no disk
            ? Directory.CreateDirectory($"/dev/shm/comigs-{Guid.NewGuid():N}").FullName
            : Directory.CreateTempSubdirectory("comigs").FullName;
        _file = Path.Combine(_folder, "a.safetensors");
    }

    [Fact]
    public void Valid_files_are_read_with_every_byte_in_its_place()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(SpoiledFiles.Valid.ToArbitrary(), bytes =>
        {
            using var scope = NewDisposeScope();
            File.WriteAllBytes(_file, bytes);
            var header = sizeof(long) + (int)BitConverter.ToInt64(bytes);
            return SafetensorsFile.Read(_file).Values.SelectMany(tensor => tensor.bytes.ToArray()).SequenceEqual(bytes[header..]);
        }));
    }

    [Fact]
    public void Very_many_very_small_tensors_take_memory_in_proportion()
    {
        var header = $"{{{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[{i},{i + 1}]}}"))}}}";
        var bytes = HandMadeFile.Bytes(System.Text.Encoding.UTF8.GetBytes(header), new byte[50_000]);
        File.WriteAllBytes(_file, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var reader = SafetensorsReader.Open(_file);

        reader.Entries.Should().HaveCount(50_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(BytesForEachByte * bytes.Length);
    }

    [Fact]
    public void Spoiled_files_are_read_or_refused_and_take_no_more_memory_than_they_justify() => Fuzz(3_000);

    [Fact]
    [Trait("Category", "Long")]
    public void A_hundred_thousand_spoiled_files_are_read_or_refused() => Fuzz(120_000);

    private void Fuzz(int files)
    {
        Try([]); // loads and compiles what the first file needs
        (_refused, _mostBytes) = (0, 0);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(files).WithReplay(Seed, 1), Prop.ForAll(SpoiledFiles.Spoiled.ToArbitrary(), Try));

        _output.WriteLine($"{_refused} of {files} refused, at most {_mostBytes} bytes allocated by one");
        _refused.Should().BeInRange(files / 2, files * 99 / 100, "most changes break a file, and some are harmless");
    }

    private void Try(byte[] bytes)
    {
        using var scope = NewDisposeScope();
        File.WriteAllBytes(_file, bytes);
        var tries = 1;
        while (Read(bytes) > Slowest)
        {
            (++tries).Should().BeLessThanOrEqualTo(Tries, "reading takes at most {0}", Slowest);
        }
    }

    /// <returns>How long it took.</returns>
    private TimeSpan Read(byte[] bytes)
    {
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        try
        {
            using var reader = SafetensorsReader.Open(_file);
            reader.Entries.Sum(entry => entry.ByteLength).Should().BeLessThan(bytes.Length);
            foreach (var entry in reader.Entries)
            {
                reader.Read(entry.Name);
            }
        }
        catch (SafetensorsException refusal)
        {
            refusal.Message.Should().Contain(_file);
            _refused++;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.Should().BeLessThan(FixedBytes + (BytesForEachByte * bytes.Length));
        _mostBytes = Math.Max(_mostBytes, allocated);
        return clock.Elapsed;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
