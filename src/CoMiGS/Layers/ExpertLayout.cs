using CoMiGS.Experts;

namespace CoMiGS.Layers;

/// <summary>What was put into a model: the complete, checked description of its adapters.</summary>
/// <param name="Generalists">G, shared experts per block.</param>
/// <param name="Specialists">Private experts per block.</param>
/// <param name="Lora">Rank and scale of the experts.</param>
/// <param name="Attention">Rank and scale of the attention adapters, or null for none.</param>
/// <param name="Router">How experts are combined.</param>
/// <param name="TopK">k, experts per token.</param>
/// <param name="RouterBias">Whether routers have a bias.</param>
/// <param name="RoutesAttention">Whether the adapters of the attention projections are experts with routers of their own; then <paramref name="Attention"/> is null.</param>
public sealed record ExpertLayout(
    int Generalists, int Specialists, LoraConfig Lora, LoraConfig? Attention, RouterKind Router, int TopK, bool RouterBias = false, bool RoutesAttention = false)
{
    /// <summary>n = G + specialists.</summary>
    public int Experts => Generalists + Specialists;
}
