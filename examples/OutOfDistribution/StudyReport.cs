using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CoMiGS.OutOfDistribution;

/// <summary>Puts a result into a Markdown table and into JSON.</summary>
public static class StudyReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Settings, then a table for each kind of test text, then what the routers did.</summary>
    public static string Markdown(StudyResult result)
    {
        var text = new StringBuilder();
        var options = result.Options;
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Text}: {options.Rounds} rounds of {options.Steps} steps, seed {options.Seed}; base model: {result.BaseModel}; {result.Machine}; {result.Elapsed.TotalMinutes:0.0} min.");
        Table("Perplexity per byte, own test text", "0.000", row => row.Own);
        Table("Perplexity per byte, mixed test text", "0.000", row => row.Mixed);
        Table("Generalists' share of the gates, mixed test text", "0%", row => row.GeneralistShare);
        return text.ToString();

        void Table(string title, string format, Func<StudyRow, IReadOnlyList<double>?> figures)
        {
            text.AppendLine().AppendLine(Line([title, .. result.Devices.Select(device => device.Name), "mean"]));
            text.AppendLine($"|{string.Concat(Enumerable.Repeat("---|", result.Devices.Count + 2))}");
            foreach (var (name, values) in result.Rows.Select(row => (row.Name, Values: figures(row))).Where(row => row.Values is not null))
            {
                text.AppendLine(Line([name, .. values!.Append(values!.Average()).Select(value => value.ToString(format, CultureInfo.InvariantCulture))]));
            }
        }
    }

    /// <summary>The figures for other programs; no times, so the same settings give the same file.</summary>
    public static string Json(StudyResult result) => JsonSerializer.Serialize(
        new
        {
            text = result.Text,
            baseModel = result.BaseModel,
            rounds = result.Options.Rounds,
            steps = result.Options.Steps,
            seed = result.Options.Seed,
            devices = result.Devices.Select(device => new { name = device.Name, train = device.TrainBytes, valid = device.ValidBytes, test = device.TestBytes }),
            methods = result.Rows.Select(row => new { name = row.Name, own = row.Own, mixed = row.Mixed, generalistShareOnMixed = row.GeneralistShare }),
        },
        Indented) + "\n";

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
