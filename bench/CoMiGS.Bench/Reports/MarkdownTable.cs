namespace CoMiGS.Bench.Reports;

/// <summary>Rows under a header, as Markdown.</summary>
/// <param name="columns">The header.</param>
internal sealed class MarkdownTable(params IReadOnlyList<string> columns)
{
    private readonly List<string> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many as there are columns; a line break or a bar in a cell would break the table, and is an error.</param>
    /// <exception cref="ArgumentException">The cells do not fit.</exception>
    public MarkdownTable Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != columns.Count || cells.Any(cell => cell.AsSpan().ContainsAny("|\n")))
        {
            throw new ArgumentException($"The row '{string.Join("', '", cells)}' does not fit the columns '{string.Join("', '", columns)}'. Give one cell for each, without bars and line breaks.", nameof(cells));
        }

        _rows.Add(Line(cells));
        return this;
    }

    /// <summary>The table.</summary>
    public override string ToString() => string.Join('\n', [Line(columns), $"|{string.Concat(columns.Select(_ => "---|"))}", .. _rows]);

    private static string Line(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";
}
