using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CoMiGS.Transport.Payload;

/// <summary>Writes the parts of a message; refuses what a reader with the same limits would refuse.</summary>
internal sealed class PayloadWriter
{
    private const int RoomForTheRest = 1024;
    private const int RoomForASpec = 128;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly int _start;

    /// <summary>Begins a message at the end of what is in a buffer.</summary>
    /// <param name="kind">Which message.</param>
    /// <param name="limits">What it may hold.</param>
    /// <param name="tensors">The tensors in it, for which room is made at once: a buffer that grows is copied, and doubles.</param>
    /// <param name="buffer">The buffer.</param>
    public PayloadWriter(PayloadKind kind, PayloadLimits limits, TensorSet tensors, ArrayBufferWriter<byte> buffer)
    {
        Limits = limits;
        Require(tensors.TotalBytes <= limits.MaxBytes, $"The tensors take {tensors.TotalBytes} bytes; at most {limits.MaxBytes} travel in a message.");
        (_buffer, _start) = (buffer, buffer.WrittenCount);
        buffer.GetSpan((int)Math.Min(tensors.TotalBytes + RoomForTheRest + ((long)tensors.Count * RoomForASpec), Array.MaxLength - _start));
        PayloadHeader.Write(_buffer.GetSpan(PayloadHeader.Size), kind, 0);
        _buffer.Advance(PayloadHeader.Size);
    }

    public PayloadLimits Limits { get; }

    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new PayloadException(message);
        }
    }

    private int Length => _buffer.WrittenCount - _start;

    /// <summary>Says in the header how long the message has become.</summary>
    public void Finish()
    {
        Require(Length <= Limits.MaxBytes, $"The message takes {Length} bytes; at most {Limits.MaxBytes} are allowed.");
        PayloadHeader.WriteLength(MemoryMarshal.AsMemory(_buffer.WrittenMemory)[_start..].Span, (ulong)(Length - PayloadHeader.Size));
    }

    public void Byte(byte value) => _buffer.Write([value]);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Count(int count, int limit, string what)
    {
        Require(count <= limit, $"The message has {count} {what}; at most {limit} are allowed.");
        Int32(count);
    }

    public void Name(string name, string what)
    {
        Require(Names.AreGood(name), $"The {what} is empty or has control characters. Give it a printable name.");
        Text(name, Limits.MaxNameBytes, what);
    }

    public void Text(string text, int limit, string what)
    {
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new PayloadException($"The {what} is not valid Unicode.", e);
        }

        var allowed = Math.Min(limit, ushort.MaxValue);
        Require(bytes.Length <= allowed, $"The {what} takes {bytes.Length} bytes; at most {allowed} are allowed.");
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(sizeof(ushort)), (ushort)bytes.Length);
        _buffer.Advance(sizeof(ushort));
        _buffer.Write(bytes);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void Pad(int multiple)
    {
        while (Length % multiple != 0)
        {
            Byte(0);
        }
    }
}
