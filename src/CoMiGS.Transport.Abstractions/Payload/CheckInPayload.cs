namespace CoMiGS.Transport.Payload;

/// <summary>What a device asks: check-in and download.</summary>
internal static class CheckInPayload
{
    public static void Write(PayloadWriter writer, CheckIn message)
    {
        writer.Int32(message.ProtocolVersion);
        writer.Name(message.Run, "run");
        writer.Name(message.Device, "device");
        writer.Name(message.BaseFingerprint, "base fingerprint");
        writer.Int64(message.Samples);
        TensorPayload.WriteSpecs(writer, message.Shared);
    }

    public static CheckIn ReadCheckIn(PayloadReader reader)
    {
        var protocol = reader.Int32();
        var run = reader.Name("run");
        var device = reader.Name("device");
        var fingerprint = reader.Name("base fingerprint");
        var samples = reader.Int64();
        return new CheckIn(run, device, fingerprint, TensorPayload.ReadSpecs(reader), samples, protocol);
    }

    public static void Write(PayloadWriter writer, DownloadRequest message)
    {
        writer.Name(message.Run, "run");
        writer.Name(message.Device, "device");
        writer.Int64(message.Version);
    }

    public static DownloadRequest ReadDownloadRequest(PayloadReader reader) =>
        new(reader.Name("run"), reader.Name("device"), reader.Int64());
}
