using System.Buffers.Binary;
using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation.Journal;

/// <summary>A journal that is not as it was written is never led on from.</summary>
public sealed class DamagedJournalTests
{
    private const int ChecksumAt = 2;
    private static readonly RoundOptions Options = new() { Count = 2, MinimumDevices = 2 };

    [Fact]
    public void Whatever_bit_of_whatever_record_is_flipped_the_error_names_run_and_record()
    {
        var records = Written();
        foreach (var record in records)
        {
            for (var at = 0; at < record.Content.Length; at++)
            {
                var content = record.Content.ToArray();
                content[at] ^= (byte)(1 << (at % 8));

                Opening(Exchange(records, record with { Content = content })).Should().Throw<StoreException>($"byte {at} of record {record.Number} is damaged").WithMessage($"Record {record.Number} of the run 'run' is *Restore*");
            }
        }
    }

    [Fact]
    public void A_record_that_is_shorter_or_in_the_place_of_another_or_gone_is_named()
    {
        var records = Written();
        var (first, second) = (records[1], records[2]);

        Opening(Exchange(records, first with { Content = first.Content[..^1] })).Should().Throw<StoreException>().WithMessage("Record 2 of the run 'run' is damaged*");
        Opening(Exchange(records, first with { Content = second.Content })).Should().Throw<StoreException>().WithMessage("Record 2 of the run 'run' is damaged: its checksum says*");
        Opening([.. records.Where(record => record != first)]).Should().Throw<StoreException>().WithMessage("Record 2 of the run 'run' is gone: the next one is 3*");
        Opening([.. records.Skip(1)]).Should().Throw<StoreException>().WithMessage("Record 1 of the run 'run' is gone: the next one is 2*");
    }

    [Fact]
    public void The_checksum_is_the_crc_32c_of_number_and_bytes()
    {
        Bitwise("123456789"u8.ToArray()).Should().Be(0xE3069283, "this is the check value of CRC-32C");
        foreach (var record in Written())
        {
            var content = record.Content.ToArray();
            byte[] covered = [.. BitConverter.GetBytes(record.Number), .. content[..ChecksumAt], .. content[(ChecksumAt + 4)..]];

            BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(ChecksumAt)).Should().Be(Bitwise(covered));
        }
    }

    [Fact]
    public void A_journal_from_before_there_were_checksums_is_led_on_and_what_follows_has_them()
    {
        var log = new Log([.. Written().Select(record => record with { Content = WithoutChecksum(record) })]);

        var machine = new RoundMachine(Options, new WeightedMean(), log: log);
        machine.Update(Sent.Update("b", value: 3), DateTimeOffset.UnixEpoch).Accepted.Should().BeTrue();

        machine.RoundsDone.Should().Be(1);
        Sent.Floats(machine.Shared).Should().Equal(2, 3, -2);
        log.Records[^1].Content.Span[1].Should().Be(2);
        Opening(log.Records).Should().NotThrow();
    }

    [Fact]
    public void A_format_of_a_later_version_is_named()
    {
        var record = Written()[0];
        var content = record.Content.ToArray();
        content[1] = 9;

        Opening([record with { Content = content }]).Should().Throw<StoreException>().WithMessage("Record 1 of the run 'run' is in format 9; this version reads 1 and 2*");
    }

    /// <summary>What a coordinator writes until one of two devices has sent its update: the beginning, a refusal, a return, an update.</summary>
    private static List<RunRecord> Written()
    {
        var log = new Log([]);
        var machine = new RoundMachine(Options, new WeightedMean(), log: log);
        machine.CheckIn(Sent.CheckIn("a"), DateTimeOffset.UnixEpoch);
        machine.CheckIn(Sent.CheckIn("b"), DateTimeOffset.UnixEpoch);
        machine.Update(Sent.Update("b", value: float.NaN), DateTimeOffset.UnixEpoch).Code.Should().Be(RefusalCode.NotFinite);
        machine.CheckIn(Sent.CheckIn("b"), DateTimeOffset.UnixEpoch);
        machine.Update(Sent.Update("a", value: 1), DateTimeOffset.UnixEpoch).Accepted.Should().BeTrue();
        log.Records.Select(record => record.Number).Should().Equal(1, 2, 3, 4);
        return log.Records;
    }

    private static List<RunRecord> Exchange(List<RunRecord> records, RunRecord other) => [.. records.Select(record => record.Number == other.Number ? other : record)];

    private static Action Opening(List<RunRecord> records) => () => _ = new RoundMachine(Options, new WeightedMean(), log: new Log(records));

    private static byte[] WithoutChecksum(RunRecord record)
    {
        var content = record.Content.ToArray();
        content[1] = 1;
        content.AsSpan(ChecksumAt, 4).Clear();
        return content;
    }

    /// <summary>Bit by bit, from the definition: the polynomial 0x1EDC6F41 reflected, all ones before and inverted after.</summary>
    private static uint Bitwise(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return ~crc;
    }

    private sealed class Log(List<RunRecord> records) : IRunLog
    {
        public List<RunRecord> Records => records;

        public RunRecord? ReadNext(long after) => records.Find(record => record.Number > after);

        public void Append(RunRecord record, bool replacesAll)
        {
            if (replacesAll)
            {
                records.Clear();
            }

            records.Add(record with { Content = record.Content.ToArray() });
        }

        public void Dispose()
        {
        }
    }
}
