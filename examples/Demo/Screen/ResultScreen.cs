using CoMiGS.Demo.Results;
using CoMiGS.Demo.Story;
using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>The end of a run: the table, the generalist's share, the coloured sentences and the story.</summary>
/// <param name="console">Where to write.</param>
/// <param name="plain">Whether colours cannot be shown.</param>
public sealed class ResultScreen(IAnsiConsole console, bool plain)
{
    /// <summary>Shows <paramref name="result"/>, and where its files are.</summary>
    public void Show(DemoResult result, string folder)
    {
        console.WriteLine();
        console.Write(ResultTable.Of(result, plain));
        console.WriteLine();
        console.WriteLine($"Tokens that each layer gives to its generalist: {string.Join(", ", result.GeneralistShare.Select((share, layer) => $"layer {layer + 1} {share * 100:0}%"))}");
        console.WriteLine();
        console.WriteLine(plain
            ? "One sentence per device, last layer; below each character g where the generalist has more weight, s where the specialists have:"
            : "One sentence per device, last layer (orange: generalist, blue: specialist):");
        foreach (var (device, routing) in result.Devices.Zip(result.Routing))
        {
            SentenceLine.Write(console, device.Name, routing.Sentence, plain);
        }

        console.WriteLine();
        foreach (var paragraph in StoryTeller.Tell(result))
        {
            console.WriteLine(paragraph);
        }

        console.WriteLine();
        console.WriteLine($"Report: {Path.Combine(folder, Reports.ReportWriter.Report)}");
    }
}
