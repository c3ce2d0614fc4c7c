using System.Text.Json;
using CoMiGS.Bench;
using CoMiGS.Bench.Coordination;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Loading;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.StepMemory;

// The commands of child processes, then that of a user.
switch (args)
{
    case [Suite.JobCommand, var job]:
        return Print(Suite.Measure(JsonSerializer.Deserialize<Job>(job)!));
    case [Suite.KernelCommand, _]:
        _ = TorchSharp.torch.get_num_threads(); // loads the library
        return Print(BlasSetting.KernelInUse());
    case [LoadingMeasurement.Command, var loading]:
        return Print(LoadingMeasurement.Run(JsonSerializer.Deserialize<LoadingCase>(loading)!));
    case [StepMeasurement.Command, var memory]:
        return Print(StepMeasurement.Run(JsonSerializer.Deserialize<MemoryCase>(memory)!));
    case [CoordinatorMeasurement.Command, var coordinator]:
        return Print(CoordinatorMeasurement.Measure(JsonSerializer.Deserialize<CoordinatorCase>(coordinator)!));
    case ["step-memory"]:
        MemoryTable.Print(Console.Out);
        return 0;
    default:
        return BenchCommand.Run(args, Console.Out, Console.Error);
}

static int Print<T>(T figures)
{
    Console.WriteLine(JsonSerializer.Serialize(figures));
    return 0;
}
