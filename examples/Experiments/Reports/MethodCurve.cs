using CoMiGS.Experiments.Results;

namespace CoMiGS.Experiments.Reports;

/// <summary>A method's held-out loss by round, a mean over users and seeds.</summary>
/// <param name="Method">The method's place in the table, counted from 0, which gives it its colour.</param>
/// <param name="Name">Its name.</param>
/// <param name="Points">Round and loss, in nats per byte.</param>
internal sealed record MethodCurve(int Method, string Name, IReadOnlyList<(int Round, double Loss)> Points)
{
    /// <summary>A curve for each method that has at least two rounds; cells of an earlier version kept none and do not count.</summary>
    public static IReadOnlyList<MethodCurve> Of(DataTable table) =>
    [
        .. table.Rows
            .Select((row, index) => new MethodCurve(index, row.Name, Mean(row.Cells)))
            .Where(curve => curve.Points.Count > 1),
    ];

    private static IReadOnlyList<(int Round, double Loss)> Mean(IReadOnlyList<CellResult> cells) =>
    [
        .. from cell in cells
           from user in cell.Users
           from point in user.Curve ?? []
           where point.HeldOut is not null
           group point.HeldOut!.Value by point.Round into round
           orderby round.Key
           select (round.Key, round.Average()),
    ];
}
