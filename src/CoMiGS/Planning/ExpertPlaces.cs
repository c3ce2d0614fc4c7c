namespace CoMiGS.Planning;

/// <summary>Where experts and adapters go in a model.</summary>
/// <param name="FeedForwards">Rules for feed-forwards of somebody else's class.</param>
/// <param name="Targets">Single linear layers that get experts of their own, or null: every feed-forward gets experts.</param>
/// <param name="Excluded">Layers that get neither experts nor adapters.</param>
/// <param name="Attention">Linear layers that get an attention adapter, or null: those that the attention modules name themselves.</param>
internal sealed record ExpertPlaces(IReadOnlyList<FeedForwardRule> FeedForwards, ModulePattern? Targets, ModulePattern? Excluded, ModulePattern? Attention)
{
    public static ExpertPlaces Default { get; } = new([], null, null, null);
}
