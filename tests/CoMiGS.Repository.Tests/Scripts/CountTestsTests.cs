namespace CoMiGS.Repository.Tests.Scripts;

/// <summary>What the build says it counted, from results as the runners write them.</summary>
public sealed class CountTestsTests
{
    [UnixFact]
    public void Counts_are_summed_over_the_projects()
    {
        using var results = new TemporaryFolder();
        Ran(results, "A", total: 10, executed: 10, passed: 10, failed: 0);
        Ran(results, "B", total: 7, executed: 5, passed: 5, failed: 0);

        var result = Count(results, "A", "B");

        result.ExitCode.Should().Be(0);
        result.Lines[^1].Should().Be("15 passed, 0 failed, 2 skipped");
        File.ReadAllText(Path.Combine(results.Path, "summary.txt")).Trim().Should().Be(result.Lines[^1]);
    }

    [UnixFact]
    public void A_failed_test_fails_the_run_and_its_project_is_named()
    {
        using var results = new TemporaryFolder();
        Ran(results, "A", total: 10, executed: 10, passed: 10, failed: 0);
        Ran(results, "B", total: 4, executed: 4, passed: 1, failed: 3, exit: 1);

        var result = Count(results, "A", "B");

        result.ExitCode.Should().Be(1);
        result.Lines.Should().Contain("B: 3 failed.");
        result.Lines[^1].Should().Be("11 passed, 3 failed, 0 skipped");
    }

    [UnixFact]
    public void A_project_that_crashed_half_way_counts_as_one_failure()
    {
        using var results = new TemporaryFolder();
        Ran(results, "A", total: 6, executed: 6, passed: 6, failed: 0, exit: 1);

        var result = Count(results, "A");

        result.ExitCode.Should().Be(1);
        result.Lines[0].Should().Contain("A: ended with exit code 1 although no test failed");
        result.Lines[^1].Should().Be("6 passed, 1 failed, 0 skipped");
    }

    [UnixFact]
    public void A_project_that_left_no_results_counts_as_one_failure()
    {
        using var results = new TemporaryFolder();
        Ran(results, "A", total: 6, executed: 6, passed: 6, failed: 0);
        results.Write("B.exit", "134\n");

        Count(results, "A", "B", "C").Lines[^1].Should().Be("6 passed, 2 failed, 0 skipped", "B died and C was never started");
    }

    [UnixFact]
    public void A_project_whose_tests_were_all_skipped_has_executed_none()
    {
        using var results = new TemporaryFolder();
        Ran(results, "A", total: 3, executed: 0, passed: 0, failed: 0);

        var result = Count(results, "A");

        result.ExitCode.Should().Be(1);
        result.Lines.Should().Equal("A: executed no test; counted as one failure.", "0 passed, 1 failed, 3 skipped");
    }

    [UnixFact]
    public void With_the_users_own_filter_an_empty_project_is_no_failure()
    {
        using var results = new TemporaryFolder();
        Ran(results, "A", total: 1, executed: 1, passed: 1, failed: 0);
        results.Write("B.exit", "0\n");

        var result = Count(results, "--allow-empty", "A", "B");

        result.ExitCode.Should().Be(0);
        result.Lines.Should().Equal("1 passed, 0 failed, 0 skipped");
    }

    [UnixFact]
    public void A_run_in_which_nothing_passed_is_not_green()
    {
        using var results = new TemporaryFolder();
        results.Write("A.exit", "0\n");

        var result = Count(results, "--allow-empty", "A");

        result.ExitCode.Should().Be(1);
        result.Lines.Should().Equal("0 passed, 0 failed, 0 skipped");
    }

    private static CommandResult Count(TemporaryFolder results, params string[] projects)
    {
        var options = projects.Where(project => project.StartsWith("--", StringComparison.Ordinal));
        var names = projects.Where(project => !project.StartsWith("--", StringComparison.Ordinal));
        return CommandLine.Run(Repository.Root, "bash", ["build/count-tests.sh", .. options, results.Path, .. names]);
    }

    private static void Ran(TemporaryFolder results, string project, int total, int executed, int passed, int failed, int exit = 0)
    {
        results.Write($"{project}.exit", $"{exit}\n");
        results.Write($"{project}.trx", $"""
            <?xml version="1.0" encoding="utf-8"?>
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Results />
              <ResultSummary outcome="{(failed > 0 ? "Failed" : "Completed")}">
                <Counters total="{total}" executed="{executed}" passed="{passed}" failed="{failed}" error="0" timeout="0" aborted="0"
                  inconclusive="0" passedButRunAborted="0" notRunnable="0" notExecuted="0" disconnected="0" warning="0" completed="0" inProgress="0" pending="0" />
              </ResultSummary>
            </TestRun>
            """);
    }
}
