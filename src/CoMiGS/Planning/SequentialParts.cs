using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>Opens up a <c>Sequential</c> that is a feed-forward: Linear, anything, Linear, and anything after it.</summary>
internal static class SequentialParts
{
    /// <exception cref="InvalidOperationException">It is not of that form.</exception>
    public static FeedForwardParts Of(Sequential module)
    {
        var children = module.named_children().Select(c => c.module).ToList();
        var linear = Enumerable.Range(0, children.Count).Where(i => children[i] is Linear).ToList();
        if (linear is not [0, var output])
        {
            throw new InvalidOperationException($"it is a Sequential of {string.Join(", ", children.Select(c => c.GetType().Name))}, not of a Linear, an activation and a Linear");
        }

        var (between, after) = (Steps(children[1..output]), Steps(children[(output + 1)..]));
        return new([(Linear)children[0]], (Linear)children[output], x => Run(between, x[0]), x => Run(after, x));
    }

    private static List<nn.IModule<Tensor, Tensor>> Steps(List<nn.Module> modules) => [.. modules.Cast<nn.IModule<Tensor, Tensor>>()];

    private static Tensor Run(List<nn.IModule<Tensor, Tensor>> steps, Tensor x) => steps.Aggregate(x, (value, step) => step.call(value));
}
