using System.Buffers;
using System.Text.Json;
using CoMiGS.Federation;
using CoMiGS.Observability.Page;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Runs;

/// <summary>Where a run stands, as JSON that all viewers get.</summary>
internal sealed class LiveHead
{
    private const int MostDevices = 200;
    private readonly byte[] _json;

    private LiveHead(byte[] json) => _json = json;

    public ReadOnlySpan<byte> Json => _json;

    public bool IsAlike(LiveHead other) => Json.SequenceEqual(other.Json);

    public static LiveHead Of(RunStatus status, TransportTraffic? traffic, LivePageOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("run", status.Run);
            json.WriteNumber("rounds", status.Rounds);
            json.WriteNumber("done", status.RoundsDone);
            json.WriteNumber("version", status.Version);
            json.WriteBoolean("finished", status.IsFinished);
            json.WriteString("waitingFor", status.WaitingFor);
            WriteOptional(json, "open", status.OpenRound);
            WriteOptional(json, "deadline", status.Deadline?.ToUnixTimeMilliseconds());
            WriteOptional(json, "storeFailsSince", status.Trouble?.Since.ToUnixTimeMilliseconds());
            WriteOptional(json, "up", traffic?.BytesReceived);
            WriteOptional(json, "down", traffic?.BytesSent);
            WriteDevices(json, status.Devices, options);
            json.WriteEndObject();
        }

        return new LiveHead(buffer.WrittenSpan.ToArray());
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteDevices(Utf8JsonWriter json, IReadOnlyList<DeviceStatus> devices, LivePageOptions options)
    {
        json.WriteStartObject("states");
        foreach (var state in Enum.GetValues<DeviceState>())
        {
            json.WriteNumber(Name(state), devices.Count(device => device.State == state));
        }

        json.WriteEndObject();
        json.WriteStartArray("devices");
        foreach (var (device, index) in devices.Take(MostDevices).Select((device, index) => (device, index)))
        {
            json.WriteStartArray();
            json.WriteStringValue(options.ShowDeviceNames ? device.Name : $"device {index + 1}");
            json.WriteStringValue(Name(device.State));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static string Name(DeviceState state) => state.ToString().ToLowerInvariant();
}
