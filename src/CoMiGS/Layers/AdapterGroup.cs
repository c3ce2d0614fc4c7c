using CoMiGS.Experts;
using CoMiGS.Parameters;

namespace CoMiGS.Layers;

/// <summary>The adapters that belong together over all layers: one expert, or the attention adapters. What PEFT calls an adapter.</summary>
/// <param name="Name">For example <c>generalist-0</c>, <c>specialist-2</c> or <c>attention</c>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Config">Rank and scale.</param>
/// <param name="Adapters">The adapters by the path of the linear layer they adapt, for example <c>h.0.mlp.c_fc</c>.</param>
public sealed record AdapterGroup(string Name, ParameterRole Role, LoraConfig Config, IReadOnlyList<(string Path, LoraAdapter Adapter)> Adapters);
