namespace CoMiGS.Models.HuggingFace;

/// <summary>A model that a configuration describes.</summary>
/// <param name="Options">Its options, still unchecked.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Build">Makes it with blank layers.</param>
internal sealed record ModelPlan(object Options, int Layers, Func<BlankLayers, LanguageModel> Build);
