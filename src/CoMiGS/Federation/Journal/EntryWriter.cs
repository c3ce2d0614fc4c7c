using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Journal;

/// <summary>Writes the parts of an entry.</summary>
internal sealed class EntryWriter
{
    private readonly ArrayBufferWriter<byte> _buffer;

    /// <param name="buffer">Where they go; what was in it is gone.</param>
    public EntryWriter(ArrayBufferWriter<byte> buffer)
    {
        _buffer = buffer;
        buffer.ResetWrittenCount();
    }

    /// <summary>What was written, to have the checksum put into it.</summary>
    public Memory<byte> Written => MemoryMarshal.AsMemory(_buffer.WrittenMemory);

    public void Byte(byte value) => Bytes([value]);

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

    public void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void Block(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        Bytes(bytes);
    }

    public void Block(TensorSet tensors)
    {
        var at = _buffer.WrittenCount;
        Int32(0);
        PayloadCodec.Encode(tensors, _buffer, EntryReader.NoLimits);
        BinaryPrimitives.WriteInt32LittleEndian(MemoryMarshal.AsMemory(_buffer.WrittenMemory)[at..].Span, _buffer.WrittenCount - at - sizeof(int));
    }

    public void Update(ExpertUpdate update) => PayloadCodec.Encode(update, _buffer, EntryReader.NoLimits);

    public void Text(string text) => Block(Encoding.UTF8.GetBytes(text));

    public void Facts(RunFacts facts)
    {
        Text(facts.Strategy);
        Int64(facts.Seed);
        Text(facts.BaseFingerprint);
        Shares([facts.First]);
    }

    /// <summary>Devices that share the same have one list between them, as in memory.</summary>
    public void Shares(IReadOnlyList<DeviceShare> shares)
    {
        var lists = new List<DeviceShare>();
        var listOf = new List<int>();
        foreach (var share in shares)
        {
            var known = lists.FindIndex(share.IsAlike);
            listOf.Add(known < 0 ? lists.Count : known);
            if (known < 0)
            {
                lists.Add(share);
            }
        }

        Many(lists, list => Block(PayloadCodec.Encode(new CheckIn("-", "-", "-", list.Tensors, 1, ProtocolVersion.Current) { Adapters = list.Adapters }, EntryReader.NoLimits)));
        Many(shares.Zip(listOf).ToList(), pair =>
        {
            Text(pair.First.Device);
            Int64(pair.First.Samples);
            Int32(pair.Second);
        });
    }

    public void Receipts(IReadOnlyList<Receipt> receipts) => Many(receipts, receipt =>
    {
        Text(receipt.Device);
        Int32(receipt.Round);
        Int32(receipt.Attempt);
    });

    private void Many<T>(IReadOnlyList<T> items, Action<T> write)
    {
        Int32(items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }
}
