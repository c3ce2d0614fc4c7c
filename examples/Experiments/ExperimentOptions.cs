namespace CoMiGS.Experiments;

/// <summary>What the command line asked for.</summary>
/// <param name="Config">The configuration file.</param>
/// <param name="DataRoot">What folders in it are relative to.</param>
/// <param name="Output">The folder for the results.</param>
/// <param name="Cache">The folder of trained base models.</param>
/// <param name="Threads">Devices that train at the same time.</param>
/// <param name="Smoke">Whether everything is to be small.</param>
/// <param name="Page">A page that the tables are to be put into, or null.</param>
/// <param name="ReportOnly">Whether to report what is finished and compute nothing.</param>
public sealed record ExperimentOptions(string Config, string DataRoot, string Output, string Cache, int Threads, bool Smoke, string? Page = null, bool ReportOnly = false);
