namespace CoMiGS.Demo.Events;

/// <summary>There is a base model.</summary>
/// <param name="Description">The model in a few words.</param>
/// <param name="FromCache">Whether an earlier run trained it.</param>
/// <param name="Note">Why a cached model was not used although there was one; null if nothing was wrong.</param>
public sealed record BaseModelReady(string Description, bool FromCache, string? Note) : DemoEvent;
