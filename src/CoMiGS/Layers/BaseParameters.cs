using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Freezes the parameters of a base model and remembers which were trained before: by name, because moving a model replaces its parameters.</summary>
internal static class BaseParameters
{
    /// <returns>Names of those that had gradients.</returns>
    public static IReadOnlySet<string> Freeze(nn.Module model)
    {
        var trainable = model.named_parameters().Where(p => p.parameter.requires_grad).ToList();
        trainable.ForEach(p => p.parameter.requires_grad = false);
        return trainable.Select(p => p.name).ToHashSet();
    }

    public static void Unfreeze(nn.Module model, IReadOnlySet<string> trainable)
    {
        foreach (var (_, parameter) in model.named_parameters().Where(p => trainable.Contains(p.name)))
        {
            parameter.requires_grad = true;
        }
    }
}
