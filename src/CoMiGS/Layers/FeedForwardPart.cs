using TorchSharp.Modules;

namespace CoMiGS.Layers;

/// <summary>A linear map inside a feed-forward, with the name its adapters carry.</summary>
/// <param name="Name">Its name in the base model, for example <c>c_fc</c> or <c>gate_proj</c>.</param>
/// <param name="Linear">The frozen layer; it belongs to the feed-forward.</param>
public sealed record FeedForwardPart(string Name, Linear Linear);
