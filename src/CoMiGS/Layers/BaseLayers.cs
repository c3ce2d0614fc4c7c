using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>The linear layers of a base model under the paths they have without experts.</summary>
internal static class BaseLayers
{
    public static IReadOnlyDictionary<string, Linear> Of(nn.Module model) =>
        Modules(model).Where(m => m.Module is Linear).ToDictionary(m => Bare(m.Path), m => (Linear)m.Module);

    /// <summary>Every module once, under its first name.</summary>
    public static IEnumerable<(string Path, nn.Module Module)> Modules(nn.Module model) => model.named_modules().DistinctBy(m => m.module, ReferenceEqualityComparer.Instance).Select(m => (m.name, m.module));

    private static string Bare(string path) => string.Join('.', path.Split('.').Where(part => part != ExpertMixture.BaseLayer));
}
