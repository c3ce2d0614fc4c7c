namespace CoMiGS.Federation.Journal;

/// <summary>An update that counted.</summary>
/// <param name="Device">Its device.</param>
/// <param name="Round">The round that it was made in.</param>
/// <param name="Attempt">The attempt.</param>
internal sealed record Receipt(string Device, int Round, int Attempt);
