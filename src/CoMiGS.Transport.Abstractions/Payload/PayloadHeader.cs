using System.Buffers.Binary;

namespace CoMiGS.Transport.Payload;

/// <summary>The first 16 bytes of a payload.</summary>
/// <param name="Minor">The minor version of the writer.</param>
/// <param name="Kind">Which message follows.</param>
/// <param name="BodyLength">How many bytes follow.</param>
internal readonly record struct PayloadHeader(byte Minor, PayloadKind Kind, ulong BodyLength)
{
    public const int Size = 16;

    private static ReadOnlySpan<byte> Magic => "CMGS"u8;

    public static void Write(Span<byte> destination, PayloadKind kind, ulong bodyLength)
    {
        Magic.CopyTo(destination);
        destination[4] = PayloadCodec.MajorVersion;
        destination[5] = PayloadCodec.MinorVersion;
        destination[6] = (byte)kind;
        destination[7] = 0;
        WriteLength(destination, bodyLength);
    }

    public static void WriteLength(Span<byte> header, ulong bodyLength) => BinaryPrimitives.WriteUInt64LittleEndian(header[8..], bodyLength);

    public static PayloadHeader Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Size)
        {
            throw new PayloadException($"The payload has {payload.Length} bytes; its header alone takes {Size}.");
        }

        if (!payload[..4].SequenceEqual(Magic))
        {
            throw new PayloadException("The payload does not begin with CMGS: it is no message of this protocol.");
        }

        if (payload[4] != PayloadCodec.MajorVersion)
        {
            throw new PayloadException(
                $"The payload is of version {payload[4]}.{payload[5]}; this library reads version {PayloadCodec.MajorVersion}. Use the same CoMiGS major version on both sides.");
        }

        if (!Enum.IsDefined((PayloadKind)payload[6]) || payload[7] != 0)
        {
            throw new PayloadException($"The payload names message kind {payload[6]} with flags {payload[7]}; known are kinds 1 to 9 with flags 0.");
        }

        return new PayloadHeader(payload[5], (PayloadKind)payload[6], BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]));
    }
}
