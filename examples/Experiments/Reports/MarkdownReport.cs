using System.Text;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Reports;

/// <summary>The report as Markdown, a section to be put into a page: what was run and how, and a table for each data set. Every cell is in the page and in the results.</summary>
public static class MarkdownReport
{
    /// <summary>The file's text.</summary>
    public static string Of(Experiment experiment, IReadOnlyList<DataTable> tables, Origin origin)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(origin);
        var text = new StringBuilder().AppendLine($"## {Escape(experiment.Title)}");
        Paragraph(Facts.Budget(experiment));
        Paragraph(Facts.BaseModel(experiment, origin));
        Paragraph($"{Facts.Machines(tables)} The same tables again:");
        Paragraph($"```\n{origin.Command}\n```");
        Paragraph(Facts.HowToRead);
        foreach (var table in tables)
        {
            Paragraph($"### {Escape(table.Name)}");
            Paragraph(table.Texts);
            Table(TextTable.Header(table, experiment.Reference), table.Rows.Select(row => TextTable.Line(table, row)));
        }

        Paragraph(Facts.Test(experiment));
        return text.ToString();

        void Paragraph(string words) => text.AppendLine().AppendLine(words);

        void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> lines)
        {
            text.AppendLine().AppendLine(Line(header)).AppendLine($"|{string.Concat(Enumerable.Repeat("---|", header.Count))}");
            foreach (var line in lines)
            {
                text.AppendLine(Line(line));
            }
        }
    }

    private static string Line(IEnumerable<string> fields) => $"| {string.Join(" | ", fields.Select(Escape))} |";

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
