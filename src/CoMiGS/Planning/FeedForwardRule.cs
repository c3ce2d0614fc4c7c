using CoMiGS.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>Which modules are feed-forwards, and how they open up.</summary>
/// <param name="Text">The rule as the user wrote it, for errors.</param>
/// <param name="Pattern">The pattern of the paths, if paths decide.</param>
/// <param name="Applies">Whether a module at a path is meant.</param>
/// <param name="Open">Opens one up.</param>
internal sealed record FeedForwardRule(string Text, ModulePattern? Pattern, Func<string, nn.Module, bool> Applies, Func<nn.Module, FeedForwardParts> Open)
{
    public static FeedForwardRule Of<TModule>(Func<TModule, FeedForwardParts> open)
        where TModule : nn.Module<Tensor, Tensor> =>
        new($"FeedForward<{typeof(TModule).Name}>", null, (_, module) => module is TModule, module => open((TModule)module));

    public static FeedForwardRule Of(ModulePattern modules, FeedForwardShape? shape) =>
        new($"FeedForward({modules})", modules, (path, _) => modules.Matches(path), module => Parts(module, shape));

    /// <exception cref="InvalidOperationException">The module does not open up this way; the message says why.</exception>
    public IFeedForward Apply(string path, nn.Module module)
    {
        try
        {
            return module is nn.Module<Tensor, Tensor>
                ? new OpenedFeedForward(module, Open(module))
                : throw new InvalidOperationException("it is no Module<Tensor, Tensor>");
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{Text} cannot open up '{path}', a {module.GetType().Name}: {e.Message}.", e);
        }
    }

    private static FeedForwardParts Parts(nn.Module module, FeedForwardShape? shape) => (shape, module) switch
    {
        ({ } named, _) => named.Open(module),
        (null, IFeedForward own) => new([.. own.Inputs.Select(p => p.Linear)], own.Output.Linear, own.Combine, own.Finish),
        (null, Sequential sequence) => SequentialParts.Of(sequence),
        _ => throw new InvalidOperationException("it is no Sequential, so its parts have to be given by a FeedForwardShape"),
    };
}
