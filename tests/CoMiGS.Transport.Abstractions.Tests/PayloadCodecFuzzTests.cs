using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;

namespace CoMiGS.Transport.Tests;

/// <summary>Throws spoiled payloads at the codec: it may refuse them, and nothing else.</summary>
public sealed class PayloadCodecFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20240913;
    private const int MostShown = 20;

    /// <summary>A payload of a few hundred bytes cannot make a message that takes more than this.</summary>
    private const long MostBytesPerDecode = 256 * 1024;

    private static readonly TimeSpan LongestDecode = TimeSpan.FromSeconds(5); // a hang is longer, a collection of garbage on a busy machine shorter
    private const int Tries = 3; // a payload that is slow is slow again, a machine that stood still is not

    private static readonly Action<byte[]>[] Decoders =
    [
        payload => PayloadCodec.DecodeCheckIn(payload),
        payload => PayloadCodec.DecodeCheckInReply(payload),
        payload => PayloadCodec.DecodeDownloadRequest(payload),
        payload => PayloadCodec.DecodeExpertUpdate(payload),
        payload => PayloadCodec.DecodeUpdateReceipt(payload),
        payload => PayloadCodec.DecodeTensorSet(payload),
    ];

    /// <summary>Lines of a decoder's number, a payload in hexadecimal digits, and why it is refused; a line for every reason that fuzzing has found.</summary>
    private static readonly string[] Corpus = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus.txt"));

    private readonly ConcurrentDictionary<string, (byte[] Payload, string Reason)> _reasons = new();
    private long _mostBytes;
    private int _refused;

    [Fact]
    public void Spoiled_payloads_are_read_or_refused_and_never_take_more_memory_than_they_could_need() => Fuzz(40_000);

    [Fact]
    [Trait("Category", "Long")]
    public void A_million_spoiled_payloads_are_read_or_refused_and_never_take_more_memory_than_they_could_need() => Fuzz(1_000_000);

    [Fact]
    public void What_was_found_once_is_refused_for_the_same_reason_ever_after()
    {
        Corpus.Should().HaveCountGreaterThan(30);
        foreach (var line in Corpus)
        {
            var (decoder, payload, reason) = (line[0] - '0', Convert.FromHexString(line[2..line.IndexOf(' ', 2)]), line[(line.IndexOf(' ', 2) + 1)..]);

            Decode(decoder, payload).Should().Be(reason);
        }
    }

    /// <summary>Two threads, each with random numbers of its own, so that a seed says which payloads they are.</summary>
    private void Fuzz(int mutations)
    {
        foreach (var (decoder, payload) in GoodPayloads.All)
        {
            Decoders[decoder](payload); // what the first use of a class takes is not the payload's doing
        }

        Parallel.For(0, 2, worker =>
        {
            var spoiler = new PayloadSpoiler(Seed + worker);
            byte[][] good = [.. GoodPayloads.All.Select(entry => entry.Payload)];
            for (var i = 0; i < mutations / 2; i++)
            {
                var (origin, payload) = spoiler.Next(good);
                var decoder = GoodPayloads.All[origin].Decoder;
                try
                {
                    if (Decode(decoder, payload) is { } reason)
                    {
                        Interlocked.Increment(ref _refused);
                        _reasons.TryAdd($"{decoder} {Kind(reason)}", (payload, reason));
                    }
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"Seed {Seed}, worker {worker}, mutation {i}, decoder {decoder}, payload {Convert.ToHexString(payload)}", e);
                }
            }
        });

        output.WriteLine($"seed {Seed}: {_refused} of {mutations} refused, for {_reasons.Count} reasons; at most {_mostBytes} bytes allocated by one");
        var known = Corpus.Select(line => $"{line[0]} {Kind(line[(line.IndexOf(' ', 2) + 1)..])}").ToHashSet();
        foreach (var (kind, found) in _reasons.Where(entry => !known.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal).Take(MostShown))
        {
            output.WriteLine($"not in corpus.txt yet: {kind[0]} {Convert.ToHexStringLower(found.Payload)} {found.Reason}");
        }

        _refused.Should().BeInRange(mutations / 4, mutations - 1, "mutations should reach past the header and sometimes be harmless");
    }

    /// <returns>Why the payload was refused; null if it was read.</returns>
    private string? Decode(int decoder, byte[] payload, int tries = Tries)
    {
        string? reason = null;
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        try
        {
            Decoders[decoder](payload);
        }
        catch (PayloadException e)
        {
            reason = e.Message;
        }

        var (bytes, took) = (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(start));
        if (took > LongestDecode && tries > 1)
        {
            return Decode(decoder, payload, tries - 1);
        }

        if (bytes > MostBytesPerDecode || took > LongestDecode)
        {
            throw new InvalidOperationException($"One payload took {bytes} bytes and {took}: {Convert.ToHexString(payload)}");
        }

        lock (_reasons)
        {
            _mostBytes = Math.Max(_mostBytes, bytes);
        }

        return reason;
    }

    /// <summary>The reason without its names and numbers: they have a digit or another sign in them.</summary>
    private static string Kind(string reason) =>
        string.Join(' ', reason.Split(' ').Select(word => word.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '.' or ',' or ';' or ':' or '-') ? word : "#"));
}
