using CoMiGS.Bench.Harness;

namespace CoMiGS.Bench.StepMemory;

/// <summary>The table of <c>docs/memory.md</c>: what steps were predicted to need, and what they needed.</summary>
public static class MemoryTable
{
    /// <summary>Measures a case in a process of its own.</summary>
    /// <exception cref="InvalidOperationException">The process failed; its errors are in the message.</exception>
    public static MemoryFigures Measure(MemoryCase of) => ChildProcess.Run<MemoryFigures>(StepMeasurement.Command, of, [.. ResidentMemory.ReturnedAtOnce]);

    /// <summary>Measures all cases.</summary>
    public static void Print(TextWriter output)
    {
        output.WriteLine("| layers x width | vocabulary | batch x window | experts | k | predicted MB | measured MB | error |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var memoryCase in MemoryCase.Table)
        {
            output.WriteLine(Measure(memoryCase).Row(memoryCase));
        }
    }
}
