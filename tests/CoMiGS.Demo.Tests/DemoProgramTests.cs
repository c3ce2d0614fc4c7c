using CoMiGS.Demo.CommandLine;

namespace CoMiGS.Demo.Tests;

public sealed class DemoProgramTests
{
    [Fact]
    public async Task An_output_that_cannot_be_written_is_refused_before_any_training()
    {
        using var folder = new TemporaryFolder();
        var options = new DemoOptions { Quick = true, Output = folder.WithFile("", "in-the-way"), Cache = folder.Of("cache") };

        var running = () => DemoProgram.RunAsync(options, CancellationToken.None);

        await running.Should().ThrowAsync<DemoException>().WithMessage("--output: cannot write to*");
        Directory.Exists(options.Cache).Should().BeFalse();
    }
}
