using CoMiGS.Parameters;

namespace CoMiGS.Layers;

/// <summary>An adapted module with its place in a model, and how it gets there and away again. Preparing one changes nothing.</summary>
/// <param name="Path">Path of the layer it adapts.</param>
/// <param name="Module">The module.</param>
/// <param name="Put">Puts it into the model.</param>
/// <param name="TakeOut">Leaves the model as it was before, and frees what was added.</param>
internal sealed record Placement(string Path, IAdapted Module, Action Put, Action TakeOut)
{
    /// <summary>Makes all changes, or none.</summary>
    public static void PutAll(IReadOnlyList<Placement> placements)
    {
        var made = 0;
        try
        {
            for (; made < placements.Count; made++)
            {
                placements[made].Put();
            }
        }
        catch
        {
            TakeOutAll([.. placements.Take(made)]);
            throw;
        }
    }

    /// <summary>Undoes all changes, the last one first.</summary>
    public static void TakeOutAll(IEnumerable<Placement> placements)
    {
        foreach (var placement in placements.Reverse())
        {
            placement.TakeOut();
        }
    }
}
