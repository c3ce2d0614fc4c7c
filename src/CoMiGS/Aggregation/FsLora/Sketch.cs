using CoMiGS.Parameters;

namespace CoMiGS.Aggregation.FsLora;

/// <summary>
/// The random sketch S of a device: r x r, diagonal, <c>r / k</c> at k positions and 0 elsewhere, all sets of k positions equally likely, so that <c>E[S] = I</c>. One
/// for each device, adapter and round; A and B of an adapter have the same.
/// </summary>
public static class Sketch
{
    /// <summary>The k positions, ascending; they follow from the arguments alone.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="round">The round.</param>
    /// <param name="device">The device.</param>
    /// <param name="adapter">The name of the adapter's A.</param>
    /// <param name="rank">r.</param>
    /// <param name="kept">k.</param>
    public static IReadOnlyList<int> Positions(long seed, int round, string device, string adapter, int rank, int kept)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, rank);
        var random = new SeededRandom(new Seed(seed).For("sketch").For(device).For(round).For(adapter));
        var positions = Enumerable.Range(0, rank).ToArray();
        for (var i = 0; i < kept; i++)
        {
            var other = i + (int)random.NextInt64(rank - i);
            (positions[i], positions[other]) = (positions[other], positions[i]);
        }

        return [.. positions.Take(kept).Order()];
    }
}
