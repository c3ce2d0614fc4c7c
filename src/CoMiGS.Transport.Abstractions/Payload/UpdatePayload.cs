using static CoMiGS.Transport.Payload.PayloadReader;

namespace CoMiGS.Transport.Payload;

/// <summary>Update and receipt.</summary>
internal static class UpdatePayload
{
    private const byte ContentSince = 2; // minor version
    private const int SmallestMetric = sizeof(ushort) + 1 + sizeof(double);

    public static void Write(PayloadWriter writer, ExpertUpdate update)
    {
        writer.Name(update.Run, "run");
        writer.Int32(update.Round);
        writer.Name(update.Device, "device");
        writer.Int32(update.Attempt);
        writer.Name(update.BaseFingerprint, "base fingerprint");
        writer.Int64(update.Samples);
        writer.Count(update.Metrics.Count, writer.Limits.MaxMetrics, "metrics");
        foreach (var (name, value) in update.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            writer.Name(name, "metric name");
            writer.Double(value);
        }

        TensorPayload.Write(writer, update.Tensors);
        writer.Byte((byte)update.Content);
    }

    public static ExpertUpdate ReadUpdate(PayloadReader reader)
    {
        var run = reader.Name("run");
        var round = reader.Int32();
        var device = reader.Name("device");
        var attempt = reader.Int32();
        var fingerprint = reader.Name("base fingerprint");
        var samples = reader.Int64();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var left = reader.Count(reader.Limits.MaxMetrics, SmallestMetric, "metrics"); left > 0; left--)
        {
            var name = reader.Name("metric name");
            Require(metrics.TryAdd(name, reader.Double()), $"The metric {name} occurs twice.");
        }

        var tensors = TensorPayload.ReadSet(reader);
        return new ExpertUpdate(run, round, device, attempt, fingerprint, samples, tensors, metrics) { Content = reader.HasFieldsOf(ContentSince) ? ReadContent(reader) : UpdateContent.Values };
    }

    public static void Write(PayloadWriter writer, UpdateReceipt receipt)
    {
        writer.Byte(receipt.Accepted ? (byte)1 : (byte)0);
        ReplyPayload.WriteRefusal(writer, receipt.Code, receipt.Reason);
    }

    public static UpdateReceipt ReadReceipt(PayloadReader reader)
    {
        var accepted = reader.Byte();
        Require(accepted <= 1, $"The receipt says {accepted} where 1 means accepted and 0 refused.");
        return new UpdateReceipt(accepted == 1, ReplyPayload.ReadCode(reader), reader.Text(reader.Limits.MaxTextBytes, "reason"));
    }

    private static UpdateContent ReadContent(PayloadReader reader)
    {
        var content = (UpdateContent)reader.Byte();
        Require(Enum.IsDefined(content), $"The update's numbers are of kind {(int)content}; known are 0 (Values) and 1 (Differences).");
        return content;
    }
}
