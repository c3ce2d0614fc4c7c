using static CoMiGS.Transport.Payload.PayloadReader;

namespace CoMiGS.Transport.Payload;

/// <summary>The four answers to a check-in.</summary>
internal static class ReplyPayload
{
    public static void Write(PayloadWriter writer, RoundPlan plan)
    {
        writer.Name(plan.Run, "run");
        writer.Int32(plan.Round);
        writer.Int32(plan.Rounds);
        writer.Int64(plan.Version);
        writer.Int64(plan.InitialSeed);
        writer.Int32(plan.LocalSteps);
        writer.Name(plan.BaseFingerprint, "base fingerprint");
        writer.Byte(plan.Deadline is null ? (byte)0 : (byte)1);
        writer.Int64(plan.Deadline?.UtcTicks ?? 0);
        TensorPayload.WriteSpecs(writer, plan.Shared);
        writer.Byte((byte)plan.SendAs);
    }

    public static RoundPlan ReadRoundPlan(PayloadReader reader)
    {
        var run = reader.Name("run");
        var round = reader.Int32();
        var rounds = reader.Int32();
        var version = reader.Int64();
        var seed = reader.Int64();
        var steps = reader.Int32();
        var fingerprint = reader.Name("base fingerprint");
        var deadline = ReadDeadline(reader);
        return new RoundPlan(run, round, rounds, version, seed, steps, TensorPayload.ReadSpecs(reader), fingerprint, deadline) { SendAs = TensorPayload.ReadWish(reader) };
    }

    public static void Write(PayloadWriter writer, RetryWindow window)
    {
        writer.Int64(window.MinDelay.Ticks);
        writer.Int64(window.MaxDelay.Ticks);
        writer.Text(window.Reason, writer.Limits.MaxTextBytes, "reason");
    }

    public static RetryWindow ReadRetryWindow(PayloadReader reader)
    {
        var shortest = new TimeSpan(reader.Int64());
        var longest = new TimeSpan(reader.Int64());
        Require(TimeSpan.Zero <= shortest && shortest <= longest, $"The retry window is {shortest} to {longest}; it begins at 0 or later and does not end before it begins.");
        return new RetryWindow(shortest, longest, reader.Text(reader.Limits.MaxTextBytes, "reason"));
    }

    public static void Write(PayloadWriter writer, RunFinished finished)
    {
        writer.Int32(finished.Rounds);
        writer.Int64(finished.Version);
    }

    public static RunFinished ReadRunFinished(PayloadReader reader) => new(reader.Int32(), reader.Int64());

    public static void Write(PayloadWriter writer, Refused refused) => WriteRefusal(writer, refused.Code, refused.Reason);

    public static Refused ReadRefused(PayloadReader reader) => new(ReadCode(reader), reader.Text(reader.Limits.MaxTextBytes, "reason"));

    public static void WriteRefusal(PayloadWriter writer, RefusalCode code, string reason)
    {
        writer.Int32((int)code);
        writer.Text(reason, writer.Limits.MaxTextBytes, "reason");
    }

    /// <summary>A code that a newer minor version added still says that the message was refused.</summary>
    public static RefusalCode ReadCode(PayloadReader reader)
    {
        var code = (RefusalCode)reader.Int32();
        return Enum.IsDefined(code) ? code : RefusalCode.Unspecified;
    }

    private static DateTimeOffset? ReadDeadline(PayloadReader reader)
    {
        var given = reader.Byte();
        var ticks = reader.Int64();
        Require(given <= 1 && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks && (given == 1 || ticks == 0), "The deadline is not a time.");
        return given == 1 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }
}
