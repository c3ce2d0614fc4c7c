using CoMiGS.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>A feed-forward of somebody else's class, seen through its parts.</summary>
internal sealed class OpenedFeedForward : IFeedForward
{
    private readonly Func<IReadOnlyList<Tensor>, Tensor> _combine;
    private readonly Func<Tensor, Tensor>? _finish;

    /// <exception cref="InvalidOperationException">A layer is not inside the module.</exception>
    public OpenedFeedForward(nn.Module module, FeedForwardParts parts)
    {
        var names = module.named_modules().ToList();
        Inputs = [.. parts.Inputs.Select(Part)];
        Output = Part(parts.Output);
        _combine = parts.Combine;
        _finish = parts.Finish;

        FeedForwardPart Part(Linear layer) =>
            names.FirstOrDefault(m => ReferenceEquals(m.module, layer)) is { name: { } name }
                ? new(name, layer)
                : throw new InvalidOperationException($"a Linear({layer?.in_features}, {layer?.out_features}) that was given is not inside it; its modules are {string.Join(", ", names.Select(m => m.name))}");
    }

    public IReadOnlyList<FeedForwardPart> Inputs { get; }

    public FeedForwardPart Output { get; }

    public Tensor Combine(IReadOnlyList<Tensor> projected) => _combine(projected);

    public Tensor Finish(Tensor output) => _finish is null ? output : _finish(output);
}
