using System.Text.Json;
using CoMiGS.Loading;

// Without arguments: the table of docs/benchmarks.md. --smoke: smaller checkpoints, once each. With a case as JSON: that case in this process, as the table's child processes do.
if (args is [['{', ..] one])
{
    Console.WriteLine(JsonSerializer.Serialize(LoadingMeasurement.Run(JsonSerializer.Deserialize<LoadingCase>(one)!)));
    return 0;
}

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("The peak of resident memory is read from /proc: run this on Linux.");
    return 2;
}

if (args is [] or ["--smoke"])
{
    LoadingTable.Print(args is [] ? CheckpointShapes.Full : CheckpointShapes.Smoke, repetitions: args is [] ? 5 : 1, Console.Out);
    return 0;
}

Console.Error.WriteLine("Usage: CoMiGS.Loading [--smoke]");
return 2;
