using System.Text.RegularExpressions;

namespace CoMiGS.Transport.Tests;

/// <summary>The bytes in <c>docs/protocol.md</c> are those that the library writes and reads.</summary>
public sealed partial class ProtocolVectorTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "protocol.md")).ReplaceLineEndings("\n");

    private static readonly TensorSet Tensors = new([NamedTensor.FromFloats("h.0.lora_A", [1, 2], [1, -0.5f]), NamedTensor.FromFloats("scale", [], [3])]);

    private static readonly CheckIn CheckIn = new("run", "anna", "base", Tensors.Specs, 1234, 1)
    {
        Adapters = [new AdapterPair("h.0.lora_A", "h.0.lora_B", 2)],
        Abilities = ["full-rank"],
    };

    private static readonly TensorSet Thirds = new([NamedTensor.FromFloats("thirds", [3], [1 / 3f, -2 / 3f, 1])]);

    private static readonly string[] Blocks = [.. Enum.GetNames<PayloadKind>(), "TensorSetInBFloat16", "TensorSetInInt8"];

    public static TheoryData<string> Names => [.. Blocks];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_has_the_bytes_of_the_page(string name)
    {
        var written = Convert.ToHexStringLower(Message(name));

        OfPage(name).Should().Be(written, "the page and the library say the same");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bytes_of_the_page_are_read_back_as_the_message(string name)
    {
        var bytes = Convert.FromHexString(OfPage(name));

        Again(bytes).Should().Equal(bytes);
    }

    [Fact]
    public void Every_message_has_its_bytes_on_the_page() =>
        Block().Matches(Page).Select(block => block.Groups["name"].Value).Should().Equal(Blocks);

    [Fact]
    public void An_older_reader_refuses_a_newer_major_version_by_name()
    {
        var bytes = Message("CheckIn");
        bytes[4] = PayloadCodec.MajorVersion + 1;

        FluentActions.Invoking(() => PayloadCodec.DecodeCheckIn(bytes)).Should().Throw<PayloadException>()
            .WithMessage($"*version {PayloadCodec.MajorVersion + 1}.*reads version {PayloadCodec.MajorVersion}*");
    }

    private static string OfPage(string name) =>
        string.Concat(Block().Matches(Page).Single(block => block.Groups["name"].Value == name).Groups["hex"].Value.Where(char.IsAsciiHexDigitLower));

    private static byte[] Message(string name) => name switch
    {
        "CheckIn" => PayloadCodec.Encode(CheckIn),
        "RoundPlan" => PayloadCodec.Encode(new RoundPlan("run", 3, 20, 2, 42, 10, Tensors.Specs, "base", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))),
        "RetryWindow" => PayloadCodec.Encode(new RetryWindow(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5), "Waiting for devices: 1 of 4.")),
        "RunFinished" => PayloadCodec.Encode(new RunFinished(20, 20)),
        "Refused" => PayloadCodec.Encode(new Refused(RefusalCode.BaseFingerprint, "ü")),
        "DownloadRequest" => PayloadCodec.Encode(new DownloadRequest("run", "anna", 2)),
        "TensorSet" => PayloadCodec.Encode(Tensors),
        "TensorSetInBFloat16" => PayloadCodec.Encode(Thirds.As(TensorType.BFloat16)),
        "TensorSetInInt8" => PayloadCodec.Encode(Thirds.As(TensorType.Int8)),
        "ExpertUpdate" => PayloadCodec.Encode(new ExpertUpdate("run", 3, "anna", 1, "base", 1234, Tensors, new Dictionary<string, double> { ["loss"] = 2.5 })),
        _ => PayloadCodec.Encode(UpdateReceipt.Counted),
    };

    private static byte[] Again(byte[] payload) => PayloadCodec.KindOf(payload) switch
    {
        PayloadKind.CheckIn => PayloadCodec.Encode(PayloadCodec.DecodeCheckIn(payload)),
        PayloadKind.DownloadRequest => PayloadCodec.Encode(PayloadCodec.DecodeDownloadRequest(payload)),
        PayloadKind.TensorSet => PayloadCodec.Encode(PayloadCodec.DecodeTensorSet(payload)),
        PayloadKind.ExpertUpdate => PayloadCodec.Encode(PayloadCodec.DecodeExpertUpdate(payload)),
        PayloadKind.UpdateReceipt => PayloadCodec.Encode(PayloadCodec.DecodeUpdateReceipt(payload)),
        _ => PayloadCodec.Encode(PayloadCodec.DecodeCheckInReply(payload)),
    };

    [GeneratedRegex("```hex (?<name>[A-Za-z0-9]+)\n(?<hex>[0-9a-f \n]+)```")]
    private static partial Regex Block();
}
