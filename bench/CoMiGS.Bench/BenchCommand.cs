using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;

namespace CoMiGS.Bench;

/// <summary>What a user asks for.</summary>
internal static class BenchCommand
{
    private const string Smoke = "--smoke", Output = "--output", PagePath = "docs/benchmarks.md", ResultsFile = "results.json";

    private static string Usage => $"""
        Usage: CoMiGS.Bench [SECTION...] [{Smoke}] [{Output} DIR]
          SECTION    {string.Join(", ", Suite.Sections.Select(section => section.Name))}; 'render' measures nothing. Default: all
          {Smoke}    small sizes, once each; writes the page beside the results and not to {PagePath}
          {Output}   where {ResultsFile} goes. Default: artifacts/bench, or artifacts/bench/smoke
        Run it in the root of the repository.
        """;

    /// <summary>Measures, and writes results and page.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var smoke = arguments.Contains(Smoke);
        var folder = smoke ? "artifacts/bench/smoke" : "artifacts/bench";
        List<string> names = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == Output && i + 1 < arguments.Count)
            {
                folder = arguments[++i];
            }
            else if (arguments[i] != Smoke)
            {
                names.Add(arguments[i]);
            }
        }

        List<Section> sections = [.. Suite.Sections.Where(section => names.Count == 0 || names.Contains(section.Name))];
        if (names.Except(Suite.Sections.Select(section => section.Name)).Except(["render"]).FirstOrDefault() is { } unknown)
        {
            errors.WriteLine($"There is no section '{unknown}'.\n{Usage}");
            return 2;
        }

        if (!File.Exists(PagePath))
        {
            errors.WriteLine($"There is no {PagePath} in {Directory.GetCurrentDirectory()}.\n{Usage}");
            return 2;
        }

        var path = Path.Combine(folder, ResultsFile);
        BenchResults results = null!;
        foreach (var known in Suite.Run(sections, names.Count == 0 ? null : BenchResults.Read(path), smoke, output))
        {
            results = known;
            results.Write(path);
        }

        var page = smoke ? Path.Combine(folder, Path.GetFileName(PagePath)) : PagePath;
        File.WriteAllText(page, Page.Fill(File.ReadAllText(PagePath), results));
        output.WriteLine($"Results: {path}. Tables: {page}. Targets: {results.Targets.Count(row => row.Result == Targets.TargetRow.Pass)} of {results.Targets.Count} hold.");
        return 0;
    }
}
