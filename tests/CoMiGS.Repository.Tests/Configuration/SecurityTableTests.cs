using System.Text.RegularExpressions;

namespace CoMiGS.Repository.Tests.Configuration;

/// <summary>Every line of the tables of threats and faults names a test that there is.</summary>
public sealed partial class SecurityTableTests
{
    [Theory]
    [InlineData("docs/security.md", "## Defended", "## Faults", 15)]
    [InlineData("docs/security.md", "## Faults", "## Not defended", 15)]
    [InlineData("docs/storage.md", "## When a store fails", "## Time", 6)]
    public void Every_defence_names_tests_that_exist(string page, string from, string to, int atLeast)
    {
        var rows = Repository.Read(page).Split(from)[1].Split(to)[0].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| test |", StringComparison.Ordinal)).ToList();
        var tests = Repository.Files("tests", "*.cs").SelectMany(path => Method().Matches(Repository.Read(path)).Select(match => match.Groups["name"].Value)).ToHashSet();

        rows.Should().HaveCountGreaterThan(atLeast);
        rows.Where(row => !Name().IsMatch(row.Split('|')[3])).Should().BeEmpty("a defence that no test shows is a hope");
        rows.SelectMany(row => Name().Matches(row.Split('|')[3]).Select(match => match.Groups["name"].Value)).Where(name => !tests.Contains(name)).Should().BeEmpty();
    }

    [GeneratedRegex(@"public (?:override |virtual )?(?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"`(?<name>\w+)`")]
    private static partial Regex Name();
}
