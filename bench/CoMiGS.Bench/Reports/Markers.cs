namespace CoMiGS.Bench.Reports;

/// <summary>Places in a page whose text is generated; all else in the page is written by hand and stays.</summary>
internal static class Markers
{
    /// <summary>Replaces what lies between <c>&lt;!-- measured: NAME --&gt;</c> and <c>&lt;!-- end: NAME --&gt;</c>.</summary>
    /// <param name="page">The page.</param>
    /// <param name="name">Name of the place.</param>
    /// <param name="content">What is to stand there.</param>
    /// <exception cref="InvalidOperationException">The page has no such place, or has it twice.</exception>
    public static string Replace(string page, string name, string content)
    {
        var (from, to) = Place(page, name);
        return $"{page[..from]}\n{content.Trim()}\n{page[to..]}";
    }

    /// <summary>What lies there.</summary>
    /// <param name="page">The page.</param>
    /// <param name="name">Name of the place.</param>
    /// <exception cref="InvalidOperationException">The page has no such place, or has it twice.</exception>
    public static string Find(string page, string name)
    {
        var (from, to) = Place(page, name);
        return page[from..to].Trim();
    }

    private static (int From, int To) Place(string page, string name)
    {
        var (begin, end) = ($"<!-- measured: {name} -->", $"<!-- end: {name} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : page.IndexOf(end, from, StringComparison.Ordinal);
        return to >= 0 && page.IndexOf(begin, from + 1, StringComparison.Ordinal) < 0
            ? (from + begin.Length, to)
            : throw new InvalidOperationException($"The page needs one '{begin}' with '{end}' after it. Put both where the figures of '{name}' are to stand.");
    }
}
