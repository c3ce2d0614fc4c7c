using CoMiGS.Demo.CommandLine;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Demo.Tests.CommandLine;

public sealed class DemoCommandRunnerTests
{
    [Theory]
    [InlineData("--rounds 0", "--rounds is 0, but must be from 1 to")]
    [InlineData("--steps -3", "--steps is -3, but must be from 1 to")]
    [InlineData("--rounds many", "many")]
    [InlineData("--threads 100000", "--threads is 100000, but must be from 1 to")]
    [InlineData("--scenario families", "families")]
    [InlineData("--language xx", "xx")]
    [InlineData("--train-kb 120,x,8", "'x' is not a whole number from 1 to")]
    [InlineData("--train-kb 0", "'0' is not a whole number from 1 to")]
    [InlineData("--specialists 1,-1", "'-1' is not a whole number from 0 to 16")]
    [InlineData("--colour red", "--colour")]
    public async Task A_wrong_option_ends_with_2_and_a_message_without_stack_trace(string arguments, string expected)
    {
        var (code, errors, options) = await Run(arguments.Split(' '));

        code.Should().Be(ExitCode.WrongInput);
        errors.Should().Contain(expected).And.Contain("--help").And.NotContain("   at ");
        options.Should().BeNull("nothing runs with wrong options");
    }

    [Fact]
    public async Task All_wrong_options_are_named_at_once()
    {
        var (_, errors, _) = await Run("--rounds", "0", "--steps", "0", "--train-kb", "a");

        errors.Should().Contain("--rounds is 0").And.Contain("--steps is 0").And.Contain("'a' is not a whole number");
    }

    [Fact]
    public async Task Defaults_are_those_of_the_options_class()
    {
        var (code, _, options) = await Run();

        code.Should().Be(ExitCode.Done);
        options.Should().BeEquivalentTo(new DemoOptions());
    }

    [Fact]
    public async Task Every_option_arrives()
    {
        var (_, _, options) = await Run(
            "--scenario", "languages", "--language", "pt-BR", "--data", "/text", "--rounds", "3", "--steps", "4", "--train-kb", "9,8",
            "--specialists", "1,3,1,0", "--seed", "7", "--threads", "1", "--payload", "int8", "--output", "out", "--cache", "kept", "--quick");

        options.Should().BeEquivalentTo(new DemoOptions
        {
            Scenario = Scenario.Languages,
            Language = "pt-BR",
            DataFolder = "/text",
            Rounds = 3,
            Steps = 4,
            TrainKilobytes = [9, 8],
            Specialists = [1, 3, 1, 0],
            Seed = 7,
            Threads = 1,
            Payload = TensorType.Int8,
            Output = "out",
            Cache = "kept",
            Quick = true,
        });
    }

    [Fact]
    public async Task Quick_means_fewer_rounds_unless_rounds_are_given()
    {
        (await Run("--quick")).Options!.Rounds.Should().BeLessThan(new DemoOptions().Rounds);
        (await Run("--quick", "--rounds", "9")).Options!.Rounds.Should().Be(9);
    }

    [Fact]
    public async Task What_the_user_can_put_right_ends_with_2_and_one_message()
    {
        using var errors = new StringWriter();

        var code = await DemoCommandRunner.RunAsync([], (_, _) => throw new DemoException("--output: cannot write"), errors);

        code.Should().Be(ExitCode.WrongInput);
        errors.ToString().Trim().Should().Be("--output: cannot write");
    }

    [Fact]
    public async Task A_loss_that_is_not_finite_ends_with_1_and_names_device_and_step()
    {
        using var errors = new StringWriter();

        var code = await DemoCommandRunner.RunAsync([], (_, _) => throw new NonFiniteLossException("nuget", 17, StepKind.Expert, double.NaN, null), errors);

        code.Should().Be(ExitCode.Failed);
        errors.ToString().Should().Contain("nuget").And.Contain("17").And.NotContain("   at ");
    }

    [Fact]
    public async Task Cancelling_ends_with_130()
    {
        using var errors = new StringWriter();
        using var cancellation = new CancellationTokenSource();

        var code = await DemoCommandRunner.RunAsync(
            [],
            async (_, stop) =>
            {
                await cancellation.CancelAsync();
                stop.ThrowIfCancellationRequested();
            },
            errors,
            cancellation.Token);

        code.Should().Be(ExitCode.Cancelled);
        errors.ToString().Should().StartWith("Stopped.");
    }

    private static async Task<(int Code, string Errors, DemoOptions? Options)> Run(params string[] arguments)
    {
        using var errors = new StringWriter();
        DemoOptions? seen = null;
        var code = await DemoCommandRunner.RunAsync(
            arguments,
            (options, _) =>
            {
                seen = options;
                return Task.CompletedTask;
            },
            errors);
        return (code, errors.ToString(), seen);
    }
}
