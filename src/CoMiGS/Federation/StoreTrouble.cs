using CoMiGS.Transport.Storage;

namespace CoMiGS.Federation;

/// <summary>A store failed, and nothing was written since.</summary>
/// <param name="Since">When it failed first.</param>
/// <param name="Last">When it failed last.</param>
/// <param name="Failure">What it said then.</param>
public sealed record StoreTrouble(DateTimeOffset Since, DateTimeOffset Last, StoreException Failure);
