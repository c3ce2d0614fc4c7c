using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Makes a module that joins a model like the layer it joins.</summary>
internal static class Added
{
    /// <summary>Same device and same mode; the type stays, because adapters are float32 whatever the base is.</summary>
    public static void To(nn.Module layer, nn.Module added)
    {
        added.train(layer.training);
        added.to(layer.parameters().First().device);
    }
}
