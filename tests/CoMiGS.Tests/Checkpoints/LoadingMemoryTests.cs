using CoMiGS.Bench.Loading;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>Real checkpoints of some hundred megabytes, loaded in processes of their own.</summary>
public sealed class LoadingMemoryTests : IDisposable
{
    /// <summary>Peak memory by the size of the checkpoint; a second copy of the weights would make it 2.</summary>
    private const double Bound = 1.15;

    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    [LinuxTheory]
    [InlineData("GPT-2, 6 layers", LoadedAs.Model)]
    [InlineData("GPT-2, 6 layers", LoadedAs.Tensors)]
    [InlineData("Llama, 4 layers", LoadedAs.Model)]
    [InlineData("Llama, 4 layers", LoadedAs.Tensors)]
    [Trait("Category", "Long")]
    public void Loading_peaks_at_little_more_than_the_checkpoint(string shape, LoadedAs into)
    {
        using var checkpoint = new SyntheticCheckpoint(_folder, CheckpointShapes.Smoke.Single(s => s.Name == shape));

        var figures = LoadingMeasurement.InChild(checkpoint, into, type: null);

        figures.PeakRatio.Should().BeLessThan(Bound, "{0}", figures);
        (figures.After - figures.Before).Should().BeGreaterThan(figures.FileBytes * 8 / 10, "the weights are in memory");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
