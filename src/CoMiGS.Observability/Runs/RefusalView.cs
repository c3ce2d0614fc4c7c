namespace CoMiGS.Observability.Runs;

/// <summary>A refusal, as viewers get it; without device and reason where they are not to be shown.</summary>
internal sealed record RefusalView(long Id, long At, int Times, int Round, string Kind, string Code, string? Device, string? Reason)
{
    public static RefusalView Of(RefusalRow row, bool named) =>
        new(row.Id, row.At.ToUnixTimeMilliseconds(), row.Times, row.Round, row.Kind, row.Code, named ? row.Device : null, named ? row.Reason : null);
}
