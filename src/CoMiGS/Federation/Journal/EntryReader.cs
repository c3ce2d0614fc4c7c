using System.Buffers.Binary;
using System.Text;
using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Journal;

/// <summary>Reads the parts of an entry; what it returns views its bytes.</summary>
internal sealed class EntryReader(ReadOnlyMemory<byte> content)
{
    private int _position;

    /// <summary>What was taken in once is read again, whatever the limits are by then.</summary>
    public static PayloadLimits NoLimits { get; } = new()
    {
        MaxBytes = long.MaxValue,
        MaxTensors = int.MaxValue,
        MaxNameBytes = ushort.MaxValue,
        MaxTextBytes = ushort.MaxValue,
        MaxRank = byte.MaxValue,
        MaxElements = long.MaxValue,
        MaxMetrics = int.MaxValue,
    };

    public byte Byte() => Take(sizeof(byte)).Span[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    public string Text() => Encoding.UTF8.GetString(Block().Span);

    public void Skip(int bytes) => Take(bytes);

    public ReadOnlyMemory<byte> Block() => Take(Int32());

    public RunFacts Facts() => new(Text(), Int64(), Text(), Shares().Single());

    public IReadOnlyList<DeviceShare> Shares()
    {
        var lists = Many(() => PayloadCodec.DecodeCheckIn(Block(), NoLimits));
        return Many(() =>
        {
            var (device, samples, list) = (Text(), Int64(), lists[Int32()]);
            return new DeviceShare(device, samples, list.Shared, list.Adapters);
        });
    }

    public IReadOnlyList<Receipt> Receipts() => Many(() => new Receipt(Text(), Int32(), Int32()));

    private List<T> Many<T>(Func<T> read)
    {
        var count = Int32();
        var items = new List<T>();
        for (var i = 0; i < count; i++)
        {
            items.Add(read());
        }

        return items;
    }

    private ReadOnlyMemory<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > content.Length - _position)
        {
            throw new FormatException($"{bytes} bytes are missing at {_position} of {content.Length}.");
        }

        _position += bytes;
        return content.Slice(_position - bytes, bytes);
    }
}
