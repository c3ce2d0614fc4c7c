namespace CoMiGS.Bench.Coordination;

/// <summary>What goes through a coordinator whose memory is measured.</summary>
/// <param name="Updates">How many updates.</param>
/// <param name="Devices">How many devices send them, one each in a round.</param>
/// <param name="Store">Whether they are written to a SQLite file.</param>
/// <param name="Smoke">Tiny ones.</param>
public sealed record CoordinatorCase(int Updates, int Devices, bool Store, bool Smoke);
