using System.Buffers;
using System.Buffers.Binary;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Federation.Journal;

/// <summary>
/// Entries as bytes: <c>kind u8 | format u8 | checksum u32 | 2 zeros | time i64 | body</c>. The checksum is the CRC-32C of the record's number (i64) and of all bytes but its own. In
/// format 1 there were zeros in its place. Messages within a body are payloads of the wire, which know their own version.
/// </summary>
internal static class EntryCodec
{
    private const byte Format = 2;
    private const byte FormatWithoutChecksum = 1;
    private const int ChecksumAt = 2;
    private const int HeaderBytes = 16;

    private enum Kind : byte
    {
        RoundBegins = 1,
        MemberComes = 2,
        MemberRefused = 3,
        UpdateCounts = 4,
        RoundEnds = 5,
    }

    /// <summary>An entry as the record of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="buffer">Where the bytes are, until it is used again.</param>
    public static RunRecord Write(long number, Entry entry, ArrayBufferWriter<byte> buffer)
    {
        var writer = new EntryWriter(buffer);
        writer.Byte((byte)KindOf(entry));
        writer.Byte(Format);
        writer.Bytes(stackalloc byte[6]);
        writer.Int64(entry.At.UtcTicks);
        switch (entry)
        {
            case RoundBegins begins:
                writer.Facts(begins.Facts);
                writer.Int32(begins.Round);
                writer.Shares(begins.Members);
                break;
            case MemberComes comes:
                writer.Shares([comes.Share]);
                break;
            case MemberRefused refused:
                writer.Text(refused.Device);
                break;
            case UpdateCounts counts:
                writer.Update(counts.Update);
                break;
            case RoundEnds ends:
                writer.Facts(ends.Facts);
                writer.Int32(ends.Round);
                writer.Int64(ends.Version);
                writer.Block(ends.Shared);
                writer.Block(ends.StrategyState.Span);
                writer.Receipts(ends.Receipts);
                writer.Shares(ends.Missing);
                break;
        }

        var content = writer.Written;
        BinaryPrimitives.WriteUInt32LittleEndian(content.Span[ChecksumAt..], Checksum(number, content.Span));
        return new RunRecord(number, content);
    }

    /// <exception cref="StoreException">The bytes are none that <see cref="Write"/> made for this record of the run.</exception>
    public static Entry Read(string run, RunRecord record)
    {
        try
        {
            var reader = new EntryReader(record.Content);
            var kind = (Kind)reader.Byte();
            var format = reader.Byte();
            if (format is not (Format or FormatWithoutChecksum))
            {
                throw new StoreException($"Record {record.Number} of the run '{run}' is in format {format}; this version reads {FormatWithoutChecksum} and {Format}. Go on with the version that wrote it, or restore the store from a copy if there is none.");
            }

            var (stored, found) = ((uint)reader.Int32(), format == Format ? Checksum(record.Number, record.Content.Span) : 0);
            if (stored != found)
            {
                throw new FormatException($"its checksum says {stored:x8}, but its bytes make {found:x8}.");
            }

            reader.Skip(2);
            return Read(kind, new DateTimeOffset(reader.Int64(), TimeSpan.Zero), reader, record);
        }
        catch (Exception e) when (e is PayloadException or EndOfStreamException or ArgumentException or FormatException)
        {
            throw new StoreException($"Record {record.Number} of the run '{run}' is damaged: {e.Message} Nothing was changed in the store. Restore it from a copy.", e);
        }
    }

    private static uint Checksum(long number, ReadOnlySpan<byte> content)
    {
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(place, number);
        return Crc32C.Of(content[(ChecksumAt + sizeof(uint))..], Crc32C.Of(content[..ChecksumAt], Crc32C.Of(place)));
    }

    private static Entry Read(Kind kind, DateTimeOffset at, EntryReader reader, RunRecord record) => kind switch
    {
        Kind.RoundBegins => new RoundBegins(at, reader.Facts(), reader.Int32(), reader.Shares()),
        Kind.MemberComes => new MemberComes(at, reader.Shares().Single()),
        Kind.MemberRefused => new MemberRefused(at, reader.Text()),
        Kind.UpdateCounts => new UpdateCounts(at, PayloadCodec.DecodeExpertUpdate(record.Content[HeaderBytes..], EntryReader.NoLimits)),
        Kind.RoundEnds => new RoundEnds(
            at, reader.Facts(), reader.Int32(), reader.Int64(), PayloadCodec.DecodeTensorSet(reader.Block(), EntryReader.NoLimits), reader.Block(), reader.Receipts(), reader.Shares()),
        _ => throw new FormatException($"There is no entry {(byte)kind}."),
    };

    private static Kind KindOf(Entry entry) => entry switch
    {
        RoundBegins => Kind.RoundBegins,
        MemberComes => Kind.MemberComes,
        MemberRefused => Kind.MemberRefused,
        UpdateCounts => Kind.UpdateCounts,
        _ => Kind.RoundEnds,
    };
}
