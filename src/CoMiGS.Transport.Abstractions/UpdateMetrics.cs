namespace CoMiGS.Transport;

/// <summary>Names of figures in <see cref="ExpertUpdate.Metrics"/> that others than their device understand. All are optional; figures of other names are carried along.</summary>
public static class UpdateMetrics
{
    /// <summary>Mean cross-entropy of the round's training steps, in nats per token.</summary>
    /// <value><c>loss</c></value>
    public const string Loss = "loss";

    /// <summary>Mean cross-entropy of the round's router steps, on validation data, in nats per token.</summary>
    /// <value><c>router_loss</c></value>
    public const string RouterLoss = "router_loss";

    /// <summary>Mean cross-entropy on held-out data after the round's steps, in nats per token.</summary>
    /// <value><c>held_out_loss</c></value>
    public const string HeldOutLoss = "held_out_loss";

    /// <summary>Tokens predicted in the round's steps.</summary>
    /// <value><c>tokens</c></value>
    public const string Tokens = "tokens";

    private const string GeneralistSharePrefix = "generalist_share/";

    /// <summary>The name of a layer's share of gate weight that went to generalists, in [0, 1].</summary>
    /// <param name="layer">The layer's path in the model, for example <c>h.0.mlp</c>.</param>
    /// <returns><c>generalist_share/</c> and the layer.</returns>
    public static string GeneralistShare(string layer) => GeneralistSharePrefix + layer;

    /// <summary>The layer whose share a figure is.</summary>
    /// <param name="name">The figure's name.</param>
    /// <returns>The layer; null if it is another figure.</returns>
    public static string? LayerOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > GeneralistSharePrefix.Length && name.StartsWith(GeneralistSharePrefix, StringComparison.Ordinal) ? name[GeneralistSharePrefix.Length..] : null;
    }
}
