namespace CoMiGS.Repository.Tests.Scripts;

public sealed class BuildScriptTests
{
    [UnixFact]
    public void Without_a_verb_it_lists_its_verbs()
    {
        var result = Build();

        result.ExitCode.Should().Be(0);
        Verbs(result).Should().Equal("setup", "demo", "federation", "experiments", "test", "bench", "pack", "clean");
    }

    [UnixFact]
    public void An_unknown_verb_is_named_and_the_verbs_are_listed()
    {
        var result = Build("deploy");

        result.ExitCode.Should().Be(2);
        result.Lines[0].Should().Be("There is no verb 'deploy'.");
        Verbs(result).Should().Contain("test");
    }

    [UnixFact]
    public void An_unknown_engine_is_named_with_the_two_that_exist()
    {
        var result = CommandLine.Run(Repository.Root, "bash", ["build.sh", "setup"], new Dictionary<string, string?> { ["COMIGS_TORCH"] = "mkl" });

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("The torch engine is 'mkl'; it can be 'package' or 'system'.");
    }

    [UnixFact]
    public void A_libtorch_folder_without_headers_is_refused_before_anything_is_installed()
    {
        using var empty = new TemporaryFolder();

        var result = CommandLine.Run(Repository.Root, "bash", ["build.sh", "setup"], new Dictionary<string, string?> { ["LIBTORCH"] = empty.Path });

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain(empty.Path).And.Contain("include/ATen/ATen.h").And.Contain("unpacked libtorch release");
    }

    [UnixFact]
    public void A_machine_without_the_sdk_is_told_what_to_install()
    {
        using var tools = new TemporaryFolder();
        var result = CommandLine.Run(Repository.Root, "/bin/bash", ["-c", "PATH=$1; source build/common.sh; require_sdk", "bash", tools.Path]);

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("There is no dotnet on this machine.").And.Contain("Install the .NET SDK 10.0");
    }

    [UnixFact]
    public void A_machine_with_an_older_sdk_is_told_which_one_it_has_and_which_it_needs()
    {
        using var tools = new TemporaryFolder();
        var fake = tools.Write("dotnet", """
            #!/bin/bash
            if [ "$1" = --list-sdks ]; then echo '8.0.100 [/usr/share/dotnet/sdk]'; else exit 145; fi
            """);
        CommandLine.Run(tools.Path, "chmod", ["+x", fake]).Succeeded();

        var result = CommandLine.Run(Repository.Root, "bash", ["-c", "PATH=$1:$PATH; source build/common.sh; require_sdk", "bash", tools.Path]);

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("global.json asks for .NET SDK 10.0").And.Contain("installed: 8.0.100");
    }

    [UnixFact]
    public void Scripts_are_executable_and_free_of_syntax_errors()
    {
        foreach (var script in new[] { "build.sh", "build/count-tests.sh", "build/common.sh", "build/torch.sh", ".ci/run" })
        {
            CommandLine.Run(Repository.Root, "bash", ["-n", script]).Succeeded();
        }

        foreach (var script in new[] { "build.sh", "build/count-tests.sh", ".ci/run" })
        {
            CommandLine.Run(Repository.Root, "test", ["-x", script]).ExitCode.Should().Be(0, "{0} is started by its name", script);
        }
    }

    [Fact]
    public void Both_scripts_have_the_same_verbs()
    {
        var windows = Repository.Read("build.ps1").Split('\n').SkipWhile(line => !line.StartsWith("switch", StringComparison.Ordinal))
            .Select(line => line.Trim()).Where(line => line.StartsWith('\'')).Select(line => line.Split('\'')[1]).Where(verb => verb.Length > 0);

        windows.Should().Equal("setup", "demo", "federation", "experiments", "test", "bench", "pack", "clean");
    }

    private static CommandResult Build(params string[] arguments) => CommandLine.Run(Repository.Root, "bash", ["build.sh", .. arguments]);

    // The list's lines: two spaces, the verb, two or more spaces, what it does.
    private static IEnumerable<string> Verbs(CommandResult result) =>
        result.Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[0]);
}
