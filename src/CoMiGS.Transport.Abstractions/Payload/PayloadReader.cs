using System.Buffers.Binary;
using System.Text;

namespace CoMiGS.Transport.Payload;

/// <summary>Reads the parts of a message; checks every length against the limits and the bytes that are left before it takes memory.</summary>
internal sealed class PayloadReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _payload;
    private readonly byte _minor;
    private int _position = PayloadHeader.Size;

    public PayloadReader(ReadOnlyMemory<byte> payload, PayloadKind kind, PayloadLimits limits)
    {
        Require(payload.Length <= limits.MaxBytes, $"The payload has {payload.Length} bytes; at most {limits.MaxBytes} are allowed.");
        var header = PayloadHeader.Read(payload.Span);
        Require(header.Kind == kind, $"The payload is a {header.Kind}; a {kind} is expected.");
        var body = (ulong)(payload.Length - PayloadHeader.Size);
        Require(header.BodyLength == body, $"The payload declares {header.BodyLength} bytes after its header, but has {body}.");
        _payload = payload;
        _minor = header.Minor;
        Limits = limits;
    }

    public PayloadLimits Limits { get; }

    private int Left => _payload.Length - _position;

    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new PayloadException(message);
        }
    }

    /// <summary>Whether the writer knew the fields that a minor version added at the end.</summary>
    public bool HasFieldsOf(byte minor) => _minor >= minor;

    /// <summary>The message is read; bytes may only be left by a newer minor version.</summary>
    public void End() => Require(Left == 0 || _minor > PayloadCodec.MinorVersion, $"The payload has {Left} bytes after the end of its message.");

    public byte Byte() => Take(sizeof(byte), "a byte").Span[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), "a number").Span);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), "a number").Span);

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    /// <summary>The count of a list whose items take at least <paramref name="itemBytes"/> bytes each.</summary>
    public int Count(int limit, int itemBytes, string what)
    {
        var count = (uint)Int32();
        Require(count <= (uint)limit, $"The payload declares {count} {what}; at most {limit} are allowed.");
        Require((long)count * itemBytes <= Left, $"The payload declares {count} {what}, but has only {Left} bytes left.");
        return (int)count;
    }

    public string Name(string what)
    {
        var name = Text(Limits.MaxNameBytes, what);
        Require(Names.AreGood(name), $"The {what} is empty or has control characters.");
        return name;
    }

    public string Text(int limit, string what)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort), what).Span);
        Require(length <= limit, $"The {what} takes {length} bytes; at most {limit} are allowed.");
        try
        {
            return StrictUtf8.GetString(Take(length, what).Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new PayloadException($"The {what} is not valid UTF-8.", e);
        }
    }

    public ReadOnlyMemory<byte> Bytes(long length, string what) => Take(length, what);

    public void Pad(int multiple)
    {
        while (_position % multiple != 0)
        {
            Require(Byte() == 0, "The payload's padding is not zero.");
        }
    }

    private ReadOnlyMemory<byte> Take(long length, string what)
    {
        Require(length >= 0 && length <= Left, $"The payload ends within {what}: {length} bytes are needed, {Left} are left.");
        var taken = _payload.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }
}
