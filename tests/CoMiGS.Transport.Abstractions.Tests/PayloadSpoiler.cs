using System.Buffers.Binary;

namespace CoMiGS.Transport.Tests;

/// <summary>Makes bad payloads of good ones: flipped bits, hostile numbers where lengths might be, cut, repeated and spliced parts.</summary>
internal sealed class PayloadSpoiler(int seed)
{
    private static readonly long[] Hostile =
        [0, 1, -1, 127, 128, 255, 256, 16384, 16385, 65535, 1 << 26, (1 << 26) + 1, int.MaxValue, int.MinValue, 10L << 30, 1L << 62, long.MaxValue, long.MinValue];

    private readonly Random _random = new(seed);

    /// <summary>A spoiled copy of one of the payloads, with the index of the message that it once was.</summary>
    public (int Origin, byte[] Payload) Next(IReadOnlyList<byte[]> good)
    {
        var origin = _random.Next(good.Count);
        byte[] payload = [.. good[origin]];
        for (var changes = _random.Next(1, 5); changes > 0 && payload.Length > 0; changes--)
        {
            payload = Change(payload, good[_random.Next(good.Count)]);
            if (payload.Length >= 16 && _random.Next(20) > 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(8), payload.Length - 16); // reach past the length check
            }
        }

        return (origin, payload);
    }

    private byte[] Change(byte[] payload, byte[] other)
    {
        var at = _random.Next(payload.Length);
        switch (_random.Next(8))
        {
            case 0:
                payload[at] ^= (byte)(1 << _random.Next(8));
                return payload;
            case 1:
                payload[at] = (byte)(_random.Next(2) * 255);
                return payload;
            case 2:
                payload.AsSpan(at, Math.Min(8, payload.Length - at)).Fill((byte)_random.Next(256));
                return payload;
            case 3:
                Write(payload.AsSpan(at), Hostile[_random.Next(Hostile.Length)], 1 << _random.Next(4));
                return payload;
            case 4:
                return payload[..at];
            case 5:
                return [.. payload, .. payload.AsSpan(at)];
            case 6:
                return [.. payload.AsSpan(0, at), .. payload.AsSpan(_random.Next(payload.Length))];
            default:
                return [.. payload.AsSpan(0, at), .. other.AsSpan(Math.Min(at, other.Length))];
        }
    }

    private static void Write(Span<byte> destination, long value, int bytes)
    {
        Span<byte> written = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(written, value);
        written[..Math.Min(bytes, destination.Length)].CopyTo(destination);
    }
}
