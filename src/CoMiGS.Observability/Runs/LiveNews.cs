namespace CoMiGS.Observability.Runs;

/// <summary>What is sent to a viewer: where the run stands, and the rows that are new to it. A row comes whole, so one that comes twice does no harm.</summary>
/// <param name="Whole">Whether these are all rows, and the viewer is to forget others.</param>
/// <param name="Head">Where the run stands.</param>
/// <param name="Codes">How often which code was given to a refusal.</param>
/// <param name="LayersRound">The round that the layers are of.</param>
/// <param name="Layers">The layers.</param>
/// <param name="Rounds">Rounds that changed.</param>
/// <param name="Refusals">Refusals that are new, or came again.</param>
internal sealed record LiveNews(
    bool Whole, LiveHead Head, IReadOnlyDictionary<string, long> Codes, int LayersRound, IReadOnlyList<LayerView> Layers, IReadOnlyList<RoundView> Rounds, IReadOnlyList<RefusalView> Refusals);
