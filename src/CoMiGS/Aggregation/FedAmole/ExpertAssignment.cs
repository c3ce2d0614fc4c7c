namespace CoMiGS.Aggregation.FedAmole;

/// <summary>
/// The reverse assignment of FedAMoLE (arXiv 2411.19128), where experts choose devices:
/// <code>
///   maximise sum_ji P_ji x_ji,  x_ji in {0, 1},   sum_i x_ji = copies for every expert j,   fewest &lt;= sum_j x_ji &lt;= most for every device i
/// </code>
/// Its constraints are those of a network: source -> experts -> devices -> sink. So the cheapest flow is an optimum in whole numbers, and needs no general solver.
/// </summary>
public static class ExpertAssignment
{
    private const double UnitsPerOne = 1L << 52; // as fine as a double near 1

    /// <summary>The best assignment. Scores count up to 2^-52; of several best ones it is always the same.</summary>
    /// <param name="scores">P, of every expert (row) on every device (column), each in [0, 1].</param>
    /// <param name="copies">On how many devices every expert goes.</param>
    /// <param name="fewest">The fewest experts of a device.</param>
    /// <param name="most">The most experts of a device.</param>
    /// <returns>The experts of every device, ascending; null if nothing meets the constraints.</returns>
    public static IReadOnlyList<IReadOnlyList<int>>? Solve(IReadOnlyList<IReadOnlyList<double>> scores, int copies, int fewest, int most)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var (experts, devices) = (scores.Count, scores.Count == 0 ? 0 : scores[0].Count);
        if (copies > devices || fewest > most || (long)experts * copies < (long)devices * fewest)
        {
            return null;
        }

        var (source, sink) = (experts + devices, experts + devices + 1);
        var flow = new MinimumCostFlow(experts + devices + 2);
        var places = new int[experts, devices];
        for (var j = 0; j < experts; j++)
        {
            flow.Add(source, j, copies, 0);
            for (var i = 0; i < devices; i++)
            {
                places[j, i] = flow.Add(j, experts + i, 1, (Int128)Math.Round((1 - scores[j][i]) * UnitsPerOne));
            }
        }

        // What a device must have is free and the rest dearer than all scores together, so that no optimum leaves a device short.
        var dear = (Int128)UnitsPerOne * ((experts * (Int128)copies) + 1);
        for (var i = 0; i < devices; i++)
        {
            flow.Add(experts + i, sink, fewest, 0);
            flow.Add(experts + i, sink, most - fewest, dear);
        }

        return flow.Send(source, sink, experts * copies) < experts * copies
            ? null
            : [.. Enumerable.Range(0, devices).Select(i => (IReadOnlyList<int>)[.. Enumerable.Range(0, experts).Where(j => flow.Flow(places[j, i]) > 0)])];
    }
}
