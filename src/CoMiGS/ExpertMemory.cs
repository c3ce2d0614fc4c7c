using System.Globalization;

namespace CoMiGS;

/// <summary>What a training step needs of memory, in bytes.</summary>
/// <param name="Base">The frozen base model.</param>
/// <param name="Trained">Adapters and routers: values, gradients and AdamW's two moments.</param>
/// <param name="Kept">What the forward pass keeps for the backward pass.</param>
/// <param name="Workspace">The most that is needed at a time beyond all that: by a block, by an attention, or by the loss.</param>
public sealed record ExpertMemory(long Base, long Trained, long Kept, long Workspace)
{
    private const double Megabyte = 1_000_000;

    /// <summary>The sum: the peak of a training step.</summary>
    public long Total => Base + Trained + Kept + Workspace;

    /// <summary>The parts in megabytes of a million bytes.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Total / Megabyte:0.0} MB: base model {Base / Megabyte:0.0}, experts with optimizer {Trained / Megabyte:0.0}, activations {Kept / Megabyte:0.0}, workspace {Workspace / Megabyte:0.0}");
}
