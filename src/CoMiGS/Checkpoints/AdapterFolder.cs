using CoMiGS.Layers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>
/// Saves and loads the adapters of a model, one folder per expert in PEFT's layout:
/// <code>
///   anna/comigs.json            roles, router and block options
///   anna/router.safetensors     the routers, if any
///   anna/generalist-0/          adapter_config.json, adapter_model.safetensors
///   anna/specialist-0/          likewise
///   anna/attention/             likewise
/// </code>
/// </summary>
public static class AdapterFolder
{
    /// <summary>Writes all adapters and routers; the folder is complete at every moment, and of one set of experts: a <see cref="SwapAsync"/> comes before or after.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="folder">Where to; replaced if it exists.</param>
    /// <exception cref="IOException">The place cannot be written to; what was there is untouched.</exception>
    public static void Save(MoeModel model, string folder) => AtomicFolder.Write(folder, root =>
    {
        using var request = model.Serve();
        var paths = new ModulePaths(model.Model);
        foreach (var group in model.AdapterGroups())
        {
            PeftAdapter.Write(Path.Combine(root, group.Name), group, paths);
        }

        if (model.Routers() is { Count: > 0 } routers)
        {
            RouterFile.Write(root, routers);
        }

        AtomicFile.WriteText(Path.Combine(root, AdapterManifest.FileName), AdapterManifest.Of(model).ToJson());
    });

    /// <summary>Reads all adapters and routers into a model of the same base and options. Either everything is loaded or nothing.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="folder">A folder that <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidDataException">The files are damaged or do not fit the model; the message lists every reason.</exception>
    /// <exception cref="InvalidOperationException">Requests are being served; <see cref="SwapAsync"/> waits for them.</exception>
    public static void Load(MoeModel model, string folder)
    {
        using var staged = Stage(model, folder);
        using var alone = model.Serving.EnterAloneNow();
        staged.Exchange();
    }

    /// <summary>Reads one expert from a folder in PEFT's layout, of this library or of PEFT itself. Either all of it is loaded or nothing.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="expert">The expert, for example <c>specialist-0</c>, or <c>attention</c>.</param>
    /// <param name="folder">An adapter with exactly the expert's layers and ranks. If its scale is another one, B is multiplied by the quotient.</param>
    /// <param name="logger">Hears of fields of the configuration that are not known.</param>
    /// <exception cref="ArgumentException">The model has no such expert.</exception>
    /// <exception cref="InvalidDataException">The files are damaged, more than plain LoRA, or do not fit the expert; the message lists every reason.</exception>
    /// <exception cref="InvalidOperationException">Requests are being served; <see cref="SwapExpertAsync"/> waits for them.</exception>
    public static void LoadExpert(MoeModel model, string expert, string folder, ILogger? logger = null)
    {
        using var staged = StageExpert(model, expert, folder, logger);
        using var alone = model.Serving.EnterAloneNow();
        staged.Exchange();
    }

    /// <summary>As <see cref="Load"/>, between two requests: those under way end with the old experts, later ones begin with the new.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="folder">A folder that <see cref="Save"/> wrote.</param>
    /// <param name="cancellationToken">Gives up; the old experts stay.</param>
    /// <exception cref="InvalidDataException">The files are damaged or do not fit the model; the old experts stay.</exception>
    public static Task SwapAsync(MoeModel model, string folder, CancellationToken cancellationToken = default) =>
        ExchangeAsync(model, () => Stage(model, folder), cancellationToken);

    /// <summary>As <see cref="LoadExpert"/>, between two requests.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="expert">The expert, for example <c>specialist-0</c>, or <c>attention</c>.</param>
    /// <param name="folder">An adapter with exactly the expert's layers and ranks.</param>
    /// <param name="logger">Hears of fields of the configuration that are not known.</param>
    /// <param name="cancellationToken">Gives up; the old expert stays.</param>
    /// <exception cref="ArgumentException">The model has no such expert.</exception>
    /// <exception cref="InvalidDataException">The files are damaged, more than plain LoRA, or do not fit the expert; the old one stays.</exception>
    public static Task SwapExpertAsync(MoeModel model, string expert, string folder, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        ExchangeAsync(model, () => StageExpert(model, expert, folder, logger), cancellationToken);

    private static async Task ExchangeAsync(MoeModel model, Func<StagedExperts> stage, CancellationToken cancellationToken)
    {
        using var staged = await Task.Run(stage, cancellationToken).ConfigureAwait(false); // reading and checking hold up nobody
        using var alone = await model.Serving.EnterAloneAsync(cancellationToken).ConfigureAwait(false);
        staged.Exchange();
    }

    private static StagedExperts Stage(MoeModel model, string folder)
    {
        AtomicFolder.Recover(folder);
        var problems = new AdapterProblems(folder);
        problems.AddRange(AdapterManifest.Read(folder).Differences(AdapterManifest.Of(model)));
        problems.ThrowIfAny();
        return Checked(problems, staged =>
        {
            var paths = new ModulePaths(model.Model);
            foreach (var group in model.AdapterGroups())
            {
                if (PeftAdapter.Read(Path.Combine(folder, group.Name), problems, NullLogger.Instance) is { } adapter)
                {
                    ExpertFit.Stage(adapter, group, paths, staged, problems);
                }
            }

            if (model.Routers() is { Count: > 0 } routers)
            {
                RouterFile.Stage(folder, routers, staged, problems);
            }
        });
    }

    private static StagedExperts StageExpert(MoeModel model, string expert, string folder, ILogger? logger)
    {
        var groups = model.AdapterGroups();
        var group = groups.FirstOrDefault(g => g.Name == expert)
            ?? throw new ArgumentException($"The model has no expert '{expert}'. It has {string.Join(", ", groups.Select(g => g.Name))}.", nameof(expert));
        var problems = new AdapterProblems(folder);
        return Checked(problems, staged =>
        {
            if (PeftAdapter.Read(folder, problems, logger ?? NullLogger.Instance) is { } adapter)
            {
                ExpertFit.Stage(adapter, group, new ModulePaths(model.Model), staged, problems);
            }
        });
    }

    /// <summary>Stages everything, or frees what was staged and throws.</summary>
    private static StagedExperts Checked(AdapterProblems problems, Action<StagedExperts> stage)
    {
        using var scope = NewDisposeScope();
        var staged = new StagedExperts();
        try
        {
            stage(staged);
            problems.ThrowIfAny();
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }
}
