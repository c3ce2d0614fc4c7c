using System.Text;
using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Training;

/// <summary>Picks the sentence of a test text that is shown in colour.</summary>
public static class Sentence
{
    private const int Shortest = 50;
    private const int Longest = 96;

    /// <summary>The first line that begins with a letter and fits a screen, or the beginning of the text where there is none.</summary>
    public static string Of(string testText)
    {
        var lines = testText.Split('\n');
        return lines.FirstOrDefault(line => Encoding.UTF8.GetByteCount(line) is >= Shortest and <= Longest && char.IsLetter(line[0]) && line.Contains(' ', StringComparison.Ordinal))
            ?? TextSplitter.Beginning(testText.Replace('\n', ' '), Longest);
    }
}
