using CoMiGS.Checkpoints;
using CoMiGS.Layers;
using Microsoft.Extensions.Logging;

namespace CoMiGS;

/// <summary>Saves and loads the experts of a model.</summary>
public static class MoeModelExtensions
{
    /// <inheritdoc cref="AdapterFolder.Save"/>
    public static void Save(this MoeModel model, string folder) => AdapterFolder.Save(model, folder);

    /// <inheritdoc cref="AdapterFolder.Load"/>
    public static void Load(this MoeModel model, string folder) => AdapterFolder.Load(model, folder);

    /// <inheritdoc cref="AdapterFolder.LoadExpert"/>
    public static void LoadExpert(this MoeModel model, string expert, string folder, ILogger? logger = null) => AdapterFolder.LoadExpert(model, expert, folder, logger);

    /// <inheritdoc cref="AdapterFolder.SwapAsync"/>
    public static Task SwapAsync(this MoeModel model, string folder, CancellationToken cancellationToken = default) => AdapterFolder.SwapAsync(model, folder, cancellationToken);

    /// <inheritdoc cref="AdapterFolder.SwapExpertAsync"/>
    public static Task SwapExpertAsync(this MoeModel model, string expert, string folder, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        AdapterFolder.SwapExpertAsync(model, expert, folder, logger, cancellationToken);
}
