using System.Globalization;

namespace CoMiGS.Bench.StepMemory;

/// <summary>What a step was predicted to need and what it needed, in bytes.</summary>
public sealed record MemoryFigures(ExpertMemory Predicted, long Measured)
{
    /// <summary>By how much the prediction is off, as a share of what was measured.</summary>
    public double Error => ((double)Predicted.Total - Measured) / Measured;

    /// <summary>A line of the table.</summary>
    public string Row(MemoryCase of) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {of.Layers} x {of.Width}{(of.KeyValueHeads is { } shared ? $", Llama, {of.Heads}/{shared} heads" : "")} | {of.Vocabulary} | {of.Batch} x {of.Window} | {of.Generalists} + {of.Specialists}{(of.Kernel ? "" : ", composed")}{(of.Targets is null ? "" : ", " + of.Targets)} | {of.Options().ToLayout().TopK} | {Predicted.Total / 1e6:0.0} | {Measured / 1e6:0.0} | {Error * 100:+0.0;-0.0}% |");
}
