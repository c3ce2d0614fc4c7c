namespace CoMiGS.Observability.Runs;

/// <summary>A round, as viewers and the file get it. What is not known is null and left out.</summary>
internal sealed record RoundView(
    int Round, int Devices, int Accepted, int Refused, int Missing, double? Seconds, long? Up, long? Down, double? Loss, double? RouterLoss, double? HeldOutLoss)
{
    public static RoundView Of(RoundRow row) => new(
        row.Number, row.Devices, row.Accepted, row.Refused, row.Missing, row.Duration?.TotalSeconds, row.Bytes?.Up, row.Bytes?.Down, row.Loss.Value, row.RouterLoss.Value, row.HeldOutLoss.Value);

    public RoundRow ToRow()
    {
        var row = new RoundRow(Round)
        {
            Devices = Devices,
            Accepted = Accepted,
            Refused = Refused,
            Missing = Missing,
            Duration = Seconds is { } seconds ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)) : null, // FromSeconds cuts off
            Bytes = Up is { } up && Down is { } down ? (up, down) : null,
        };
        foreach (var (mean, value) in new[] { (row.Loss, Loss), (row.RouterLoss, RouterLoss), (row.HeldOutLoss, HeldOutLoss) })
        {
            mean.Add(value ?? double.NaN, 1);
        }

        return row;
    }
}
