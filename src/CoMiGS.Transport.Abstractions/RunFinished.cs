namespace CoMiGS.Transport;

/// <summary>The run is over: download the last version once more and keep it.</summary>
/// <param name="Rounds">How many rounds the run had.</param>
/// <param name="Version">The last version of the shared parameters; 0 when nothing was shared.</param>
public sealed record RunFinished(int Rounds, long Version) : CheckInReply;
