using CoMiGS.Training;

namespace CoMiGS.Tests.Training;

public sealed class DeterminismTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_processes_with_equal_seeds_and_threads_end_with_equal_adapters_bit_for_bit(int threads)
    {
        var (one, other) = (Path.Combine(_folder, "one.bin"), Path.Combine(_folder, "other.bin"));
        using var first = Start(one);
        using var second = Start(other);

        (first.End(), second.End()).Should().Be((0, 0));

        File.ReadAllBytes(one).Should().Equal(File.ReadAllBytes(other)).And.Contain(value => value != 0);

        TrainingProcess Start(string adapters) => new("-", adapters, steps: 20, every: 1, RouterSchedule.Alternating, dropout: 0.1, threads);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
