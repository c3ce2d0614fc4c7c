using CoMiGS.Checkpoints;
using CoMiGS.Demo;

namespace CoMiGS.Experiments.Reports;

/// <summary>A page with the tables of several experiments, each between <c>&lt;!-- table: NAME --&gt;</c> and <c>&lt;!-- end: NAME --&gt;</c>; what stands around them is written by hand and stays.</summary>
public static class ResultsPage
{
    /// <summary>Looks for the place of an experiment, before it is run.</summary>
    /// <param name="path">The page.</param>
    /// <param name="name">The name of the experiment.</param>
    /// <exception cref="DemoException">There is no such page, or no such place on it.</exception>
    public static void Require(string path, string name) => Find(path, name);

    /// <summary>Puts a report into its place on a page.</summary>
    /// <param name="path">The page.</param>
    /// <param name="name">The name of the experiment.</param>
    /// <param name="report">What <see cref="MarkdownReport"/> made.</param>
    /// <exception cref="DemoException">There is no such page, or no such place on it.</exception>
    public static void Fill(string path, string name, string report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var (before, after) = Find(path, name);
        AtomicFile.WriteText(path, $"{before}\n\n{report.Trim()}\n\n{after}");
    }

    private static (string Before, string After) Find(string path, string name)
    {
        var (begin, end) = ($"<!-- table: {name} -->", $"<!-- end: {name} -->");
        var page = File.Exists(path) ? File.ReadAllText(path) : throw new DemoException($"--page: there is no file {path}. Make one, with a line '{begin}' and a line '{end}' where the tables are to stand.");
        var from = page.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : page.IndexOf(end, from, StringComparison.Ordinal);
        if (to < 0)
        {
            throw new DemoException($"--page: {path} has no line '{begin}' with a line '{end}' after it. Put both where the tables are to stand.");
        }

        return (page[..(from + begin.Length)], page[to..]);
    }
}
