using CoMiGS.Demo.Results;
using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>A sentence coloured by the expert that the last layer's router preferred, character by character.</summary>
internal static class SentenceLine
{
    private static readonly (double R, double G, double B) Generalist = (240, 138, 36);
    private static readonly (double R, double G, double B) Specialist = (70, 140, 240);
    private static readonly (double R, double G, double B) Undecided = (150, 150, 150);

    public static void Write(IAnsiConsole console, string device, ColouredText sentence, bool plain)
    {
        var weights = sentence.GeneralistWeight[^1];
        var start = $"  {device,-10} ";
        if (plain)
        {
            console.WriteLine(start + string.Concat(sentence.Characters));
            console.WriteLine(new string(' ', start.Length) + string.Concat(weights.Select(weight => weight >= 0.5 ? 'g' : 's')));
            return;
        }

        var line = new Paragraph(start);
        foreach (var (character, weight) in sentence.Characters.Zip(weights))
        {
            line.Append(character, new Style(ColourOf(weight)));
        }

        console.Write(line);
        console.WriteLine();
    }

    private static Color ColourOf(double generalist)
    {
        var target = generalist >= 0.5 ? Generalist : Specialist;
        var strength = Math.Abs(generalist - 0.5) * 2;
        return new Color(Mix(Undecided.R, target.R), Mix(Undecided.G, target.G), Mix(Undecided.B, target.B));

        byte Mix(double from, double to) => (byte)Math.Round(from + ((to - from) * strength));
    }
}
