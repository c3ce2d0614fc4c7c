using CoMiGS.Transport;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace CoMiGS.Transport.Tests;

/// <summary>Throws spoiled payloads at the codec: it may refuse them, and nothing else.</summary>
public sealed class PayloadCodecFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20240913;
    private const int Mutations = 60_000;

    /// <summary>A payload of a few hundred bytes cannot make a message that takes more than this.</summary>
    private const long MostBytesPerDecode = 256 * 1024;

    private static readonly Action<byte[]>[] Decoders =
    [
        payload => PayloadCodec.DecodeCheckIn(payload),
        payload => PayloadCodec.DecodeCheckInReply(payload),
        payload => PayloadCodec.DecodeDownloadRequest(payload),
        payload => PayloadCodec.DecodeExpertUpdate(payload),
        payload => PayloadCodec.DecodeUpdateReceipt(payload),
        payload => PayloadCodec.DecodeTensorSet(payload),
    ];

    [Fact]
    public void Spoiled_payloads_are_read_or_refused_and_never_take_more_memory_than_they_could_need()
    {
        var random = new Random(Seed);
        var corpus = Corpus();
        var refused = 0;
        var most = 0L;

        for (var i = 0; i < Mutations; i++)
        {
            var (decoder, original) = corpus[random.Next(corpus.Length)];
            var payload = Spoil([.. original], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Decoders[decoder](payload);
            }
            catch (PayloadException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {Seed}, mutation {i}, payload {Convert.ToHexString(payload)}", e);
            }

            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        output.WriteLine($"seed {Seed}: {refused} of {Mutations} refused, at most {most} bytes allocated by one");
        refused.Should().BeInRange(Mutations / 4, Mutations - 1, "mutations should reach past the header and sometimes be harmless");
        most.Should().BeLessThan(MostBytesPerDecode);
    }

    private static (int Decoder, byte[] Payload)[] Corpus() =>
    [
        .. Sample(Messages.CheckIns).Select(m => (0, PayloadCodec.Encode(m))),
        .. Sample(Messages.Replies).Select(m => (1, PayloadCodec.Encode(m))),
        .. Sample(Messages.Downloads).Select(m => (2, PayloadCodec.Encode(m))),
        .. Sample(Messages.Updates).Select(m => (3, PayloadCodec.Encode(m))),
        .. Sample(Messages.Receipts).Select(m => (4, PayloadCodec.Encode(m))),
        .. Sample(Messages.Tensors).Select(m => (5, PayloadCodec.Encode(m))),
    ];

    private static T[] Sample<T>(FsCheck.Gen<T> messages) => messages.Sample(30, size: 8).ToArray();

    private static byte[] Spoil(byte[] payload, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(payload.Length);
            switch (random.Next(6))
            {
                case 0:
                    payload[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    payload[at] = (byte)(random.Next(2) * 255);
                    break;
                case 2:
                    payload.AsSpan(at, Math.Min(8, payload.Length - at)).Fill((byte)random.Next(256)); // a hostile length
                    break;
                case 3:
                    payload = payload[..Math.Max(at, 1)];
                    break;
                case 4:
                    payload = [.. payload, .. payload.AsSpan(at)];
                    break;
                default:
                    payload = [.. payload.AsSpan(0, at), .. payload.AsSpan(random.Next(payload.Length))];
                    break;
            }

            if (payload.Length >= 16)
            {
                BitConverter.TryWriteBytes(payload.AsSpan(8), (ulong)(payload.Length - 16)); // reach past the length check
            }
        }

        return payload.Length > 0 ? payload : [0];
    }
}
