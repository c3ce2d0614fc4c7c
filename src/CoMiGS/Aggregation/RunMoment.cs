using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>What a strategy may know of a run besides the updates.</summary>
/// <param name="Round">The round that is open or comes next, counted from 1; larger than <paramref name="Rounds"/> once the run is over.</param>
/// <param name="Rounds">How many rounds the run has.</param>
/// <param name="Seed">The seed of the run, from which devices draw the first shared parameters.</param>
/// <param name="First">What the device shares that was admitted first; where ranks do not differ, what every device shares.</param>
/// <param name="Shared">The shared parameters as the strategy keeps them; empty while devices draw theirs from the seed.</param>
public sealed record RunMoment(int Round, int Rounds, long Seed, DeviceShare First, TensorSet Shared);
