using CoMiGS.Checkpoints;
using CoMiGS.Layers;

namespace CoMiGS;

/// <summary>Saves and loads the experts of a model.</summary>
public static class MoeModelExtensions
{
    /// <inheritdoc cref="AdapterFolder.Save"/>
    public static void Save(this MoeModel model, string folder) => AdapterFolder.Save(model, folder);

    /// <inheritdoc cref="AdapterFolder.Load"/>
    public static void Load(this MoeModel model, string folder) => AdapterFolder.Load(model, folder);
}
