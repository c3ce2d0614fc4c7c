using System.Diagnostics;
using System.Text.RegularExpressions;
using CoMiGS.Demo.CommandLine;
using CoMiGS.FederationTrial;

namespace CoMiGS.Demo.Tests.Federation;

public sealed partial class TrialTests(TrialTests.BaseModels models) : IClassFixture<TrialTests.BaseModels>
{
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_coordinator_and_a_device_that_are_killed_in_the_middle_end_with_the_adapters_of_an_undisturbed_run()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var code = await TrialCommand.Of(output, errors).InvokeAsync(["--quick", "--cache", models.Folder], errors);

        errors.ToString().Should().BeEmpty();
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines[^1].Should().Be("adapters identical to the undisturbed run: yes");
        code.Should().Be(ExitCode.Done);
        lines.Should().ContainSingle(line => line.Contains("** round 4: nuget (process ") && line.Contains("killed with SIGKILL after step 3"), "a device dies among the steps 31 to 40 of its round");
        lines.Should().ContainSingle(line => line.Contains("** round 4: coordinator (process ") && line.Contains("killed with SIGKILL"));
        lines.Should().ContainSingle(line => GoesOn().IsMatch(line), "the coordinator goes on with the run, behind round 3 or, where the device was quicker than its killer, the next");
        lines.Count(line => line.Contains(": same")).Should().Be(4);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_trial_that_is_stopped_leaves_no_process_behind()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter("round 1/", stop);
        using var errors = new StringWriter();

        var code = await TrialCommand.Of(output, errors).InvokeAsync(["--quick", "--cache", models.Folder], errors, stop.Token);

        code.Should().Be(ExitCode.Cancelled);
        errors.ToString().Should().Contain("Stopped, and all processes with it.");
        var processes = ProcessIds().Matches(output.ToString()).Select(match => int.Parse(match.Groups["id"].Value)).ToList();
        processes.Should().HaveCount(5);
        processes.Where(IsRunning).Should().BeEmpty();
    }

    // Another process may have got the number meanwhile.
    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName.Contains("dotnet", StringComparison.Ordinal) && !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false; // it has ended
        }
    }

    [GeneratedRegex(@"coordinator started again as process \d+, after [345] rounds\.")]
    private static partial Regex GoesOn();

    [GeneratedRegex(@"\((?:process )?(?<id>\d+)\)")]
    private static partial Regex ProcessIds();

    /// <summary>The small base model is trained once for all tests.</summary>
    public sealed class BaseModels : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Folder => _folder.Path;

        public void Dispose() => _folder.Dispose();
    }

    /// <summary>Stops a run when it has written something.</summary>
    private sealed class StoppingWriter(string text, CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
