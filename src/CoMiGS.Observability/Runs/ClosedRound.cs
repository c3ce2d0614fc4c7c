using System.Text.Json.Serialization;

namespace CoMiGS.Observability.Runs;

/// <summary>What is written down of a round that has closed.</summary>
internal sealed record ClosedRound(string Run, int Round, int Devices, int Accepted, int Refused, int Missing, double Seconds, long? Up, long? Down, double? Loss, double? RouterLoss, double? HeldOutLoss)
{
    public static ClosedRound Of(string run, RoundRow row) => new(
        run, row.Number, row.Devices, row.Accepted, row.Refused, row.Missing, row.Duration?.TotalSeconds ?? 0, row.Bytes?.Up, row.Bytes?.Down, row.Loss.Value, row.RouterLoss.Value, row.HeldOutLoss.Value);

    public RoundRow ToRow()
    {
        var row = new RoundRow(Round)
        {
            Devices = Devices,
            Accepted = Accepted,
            Refused = Refused,
            Missing = Missing,
            Duration = TimeSpan.FromSeconds(Seconds),
            Bytes = Up is { } up && Down is { } down ? (up, down) : null,
        };
        foreach (var (mean, value) in new[] { (row.Loss, Loss), (row.RouterLoss, RouterLoss), (row.HeldOutLoss, HeldOutLoss) })
        {
            mean.Add(value ?? double.NaN, 1);
        }

        return row;
    }
}

/// <summary>Reads and writes it.</summary>
[JsonSerializable(typeof(ClosedRound))]
internal sealed partial class ClosedRoundJson : JsonSerializerContext;
