using System.Text.RegularExpressions;

namespace CoMiGS.Repository.Tests.Configuration;

/// <summary>Every line of <c>docs/security.md</c> names a test that there is.</summary>
public sealed partial class SecurityTableTests
{
    [Fact]
    public void Every_defence_names_tests_that_exist()
    {
        var rows = Repository.Read("docs/security.md").Split("## Not defended")[0].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        var tests = Repository.Files("tests", "*.cs").SelectMany(path => Method().Matches(Repository.Read(path)).Select(match => match.Groups["name"].Value)).ToHashSet();

        rows.Should().HaveCountGreaterThan(10);
        rows.Where(row => !Name().IsMatch(row.Split('|')[3])).Should().BeEmpty("a defence that no test shows is a hope");
        rows.SelectMany(row => Name().Matches(row.Split('|')[3]).Select(match => match.Groups["name"].Value)).Where(name => !tests.Contains(name)).Should().BeEmpty();
    }

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"`(?<name>\w+)`")]
    private static partial Regex Name();
}
