using System.Text.Json;
using CoMiGS.StepMemory;

// Without arguments: the table of docs/memory.md. With a case as JSON: that case in this process, as the table's child processes do.
if (args is [var one])
{
    Console.WriteLine(JsonSerializer.Serialize(StepMeasurement.Run(JsonSerializer.Deserialize<MemoryCase>(one)!)));
    return;
}

Console.WriteLine("| layers x width | vocabulary | batch x window | experts | k | predicted MB | measured MB | error |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var memoryCase in MemoryCase.Table)
{
    Console.WriteLine(ChildProcess.Measure(memoryCase).Row(memoryCase));
}
