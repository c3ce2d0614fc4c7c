using CoMiGS.Experts;

namespace CoMiGS.Layers;

/// <summary>What was put into a model: the complete, checked description of its adapters.</summary>
/// <param name="Generalists">G, shared experts per block.</param>
/// <param name="Specialists">Private experts per block.</param>
/// <param name="Lora">Rank and scale of the experts.</param>
/// <param name="Attention">Rank and scale of the attention adapters, or null for none.</param>
/// <param name="Router">How experts are combined.</param>
/// <param name="TopK">k, experts per token.</param>
public sealed record ExpertLayout(int Generalists, int Specialists, LoraConfig Lora, LoraConfig? Attention, RouterKind Router, int TopK)
{
    /// <summary>n = G + specialists.</summary>
    public int Experts => Generalists + Specialists;
}
