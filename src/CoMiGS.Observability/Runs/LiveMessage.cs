using System.Buffers;
using System.Text.Json;
using CoMiGS.Observability.Page;

namespace CoMiGS.Observability.Runs;

/// <summary>What is sent to a viewer, as a server-sent event: where the run stands, and the rows that are new to it. A row comes whole, so one that comes twice does no harm.</summary>
internal static class LiveMessage
{
    /// <param name="head">Where the run stands.</param>
    /// <param name="history">What has happened.</param>
    /// <param name="since">The version that the viewer has seen.</param>
    /// <param name="whole">Whether it has seen nothing, or is to forget what it has seen.</param>
    /// <param name="options">What may be shown.</param>
    public static byte[] Write(LiveHead head, RunHistory history, long since, bool whole, LivePageOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("whole", whole);
            json.WritePropertyName("head");
            json.WriteRawValue(head.Json, skipInputValidation: true);
            json.WriteNumber("accepted", history.Accepted);
            WriteCodes(json, history);
            WriteLayers(json, history);
            WriteRounds(json, history.RoundsSince(since));
            WriteRefusals(json, history.RefusalsSince(since), options);
            json.WriteEndObject();
        }

        buffer.Write("\n\n"u8); // JSON has no line breaks, not even in what devices say
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCodes(Utf8JsonWriter json, RunHistory history)
    {
        json.WriteStartObject("codes");
        foreach (var (code, times) in history.Codes)
        {
            json.WriteNumber(code, times);
        }

        json.WriteEndObject();
    }

    private static void WriteLayers(Utf8JsonWriter json, RunHistory history)
    {
        json.WriteNumber("layersRound", history.LayersRound);
        json.WriteStartArray("layers");
        foreach (var (layer, share) in history.Layers)
        {
            json.WriteStartArray();
            json.WriteStringValue(layer);
            json.WriteNumberValue(share.Value ?? 0);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteRounds(Utf8JsonWriter json, IEnumerable<RoundRow> rows)
    {
        json.WriteStartArray("rounds");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("round", row.Number);
            json.WriteNumber("devices", row.Devices);
            json.WriteNumber("accepted", row.Accepted);
            json.WriteNumber("refused", row.Refused);
            json.WriteNumber("missing", row.Missing);
            WriteOptional(json, "seconds", row.Duration?.TotalSeconds);
            WriteOptional(json, "up", row.Bytes?.Up);
            WriteOptional(json, "down", row.Bytes?.Down);
            WriteOptional(json, "loss", row.Loss.Value);
            WriteOptional(json, "routerLoss", row.RouterLoss.Value);
            WriteOptional(json, "heldOutLoss", row.HeldOutLoss.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRefusals(Utf8JsonWriter json, IEnumerable<RefusalRow> rows, LivePageOptions options)
    {
        json.WriteStartArray("refusals");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("id", row.Id);
            json.WriteNumber("at", row.At.ToUnixTimeMilliseconds());
            json.WriteNumber("times", row.Times);
            json.WriteNumber("round", row.Round);
            json.WriteString("kind", row.Kind);
            json.WriteString("code", row.Code);
            if (options.ShowDeviceNames)
            {
                json.WriteString("device", row.Device);
                json.WriteString("reason", row.Reason);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
