using static CoMiGS.Transport.Payload.PayloadReader;

namespace CoMiGS.Transport.Payload;

/// <summary>What a device asks: check-in and download.</summary>
internal static class CheckInPayload
{
    private const byte AdaptersSince = 1; // minor version
    private const int SmallestName = sizeof(ushort) + 1;
    private const int SmallestPair = SmallestName + SmallestName + sizeof(double);

    public static void Write(PayloadWriter writer, CheckIn message)
    {
        writer.Int32(message.ProtocolVersion);
        writer.Name(message.Run, "run");
        writer.Name(message.Device, "device");
        writer.Name(message.BaseFingerprint, "base fingerprint");
        writer.Int64(message.Samples);
        TensorPayload.WriteSpecs(writer, message.Shared);
        writer.Count(message.Adapters.Count, writer.Limits.MaxTensors, "adapters");
        foreach (var pair in message.Adapters)
        {
            Require(IsScale(pair.Scale), $"The scale of {pair.A} and {pair.B} is {pair.Scale}; a positive number is expected.");
            writer.Name(pair.A, "adapter's A");
            writer.Name(pair.B, "adapter's B");
            writer.Double(pair.Scale);
        }

        writer.Count(message.Abilities.Count, writer.Limits.MaxMetrics, "abilities");
        foreach (var ability in message.Abilities)
        {
            writer.Name(ability, "ability");
        }
    }

    public static CheckIn ReadCheckIn(PayloadReader reader)
    {
        var protocol = reader.Int32();
        var run = reader.Name("run");
        var device = reader.Name("device");
        var fingerprint = reader.Name("base fingerprint");
        var samples = reader.Int64();
        var shared = TensorPayload.ReadSpecs(reader);
        return reader.HasFieldsOf(AdaptersSince)
            ? new CheckIn(run, device, fingerprint, shared, samples, protocol) { Adapters = ReadAdapters(reader), Abilities = ReadAbilities(reader) }
            : new CheckIn(run, device, fingerprint, shared, samples, protocol);
    }

    public static void Write(PayloadWriter writer, DownloadRequest message)
    {
        writer.Name(message.Run, "run");
        writer.Name(message.Device, "device");
        writer.Int64(message.Version);
        writer.Byte((byte)message.Type);
    }

    public static DownloadRequest ReadDownloadRequest(PayloadReader reader) =>
        new(reader.Name("run"), reader.Name("device"), reader.Int64()) { Type = TensorPayload.ReadWish(reader) };

    private static AdapterPair[] ReadAdapters(PayloadReader reader)
    {
        var pairs = new AdapterPair[reader.Count(reader.Limits.MaxTensors, SmallestPair, "adapters")];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new AdapterPair(reader.Name("adapter's A"), reader.Name("adapter's B"), reader.Double());
            Require(IsScale(pairs[i].Scale), $"The scale of {pairs[i].A} and {pairs[i].B} is {pairs[i].Scale}; a positive number is expected.");
        }

        return pairs;
    }

    private static string[] ReadAbilities(PayloadReader reader)
    {
        var abilities = new string[reader.Count(reader.Limits.MaxMetrics, SmallestName, "abilities")];
        for (var i = 0; i < abilities.Length; i++)
        {
            abilities[i] = reader.Name("ability");
        }

        return abilities;
    }

    private static bool IsScale(double scale) => scale > 0 && double.IsFinite(scale);
}
