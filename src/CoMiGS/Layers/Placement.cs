using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>An adapted module with its place in a model, and how it gets there and away again. Preparing one changes nothing.</summary>
/// <param name="Path">Path of the layer it adapts.</param>
/// <param name="Module">The module.</param>
/// <param name="Put">Puts it into the model.</param>
/// <param name="TakeOut">Leaves the model as it was before, and frees what was added.</param>
internal sealed record Placement(string Path, IAdapted Module, Action Put, Action TakeOut)
{
    /// <summary>Freezes the model and makes all changes, or none of it.</summary>
    /// <returns>Names of the parameters that had gradients before.</returns>
    public static IReadOnlySet<string> PutAll(nn.Module model, IReadOnlyList<Placement> placements)
    {
        var trainable = BaseParameters.Freeze(model);
        var made = 0;
        try
        {
            for (; made < placements.Count; made++)
            {
                placements[made].Put();
            }

            return trainable;
        }
        catch
        {
            TakeOutAll([.. placements.Take(made)]);
            BaseParameters.Unfreeze(model, trainable);
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
