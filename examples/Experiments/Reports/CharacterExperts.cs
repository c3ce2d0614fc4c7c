using CoMiGS.Experiments.Results;

namespace CoMiGS.Experiments.Reports;

/// <summary>
/// Brings experts per byte, which is what the model sees, to experts per character, which is what people see: a character has the expert that most of its
/// bytes take, and of equals the one that takes the later byte, since with the last byte the model knows which character it is.
/// </summary>
public static class CharacterExperts
{
    /// <summary>Neighbours that take the same expert, together.</summary>
    /// <param name="text">Whole characters.</param>
    /// <param name="perByte">An expert for each byte of the text's UTF-8; characters without all their bytes are left out.</param>
    public static IReadOnlyList<(string Text, int Expert)> Runs(string text, IReadOnlyList<int> perByte)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(perByte);
        var runs = new List<(string Text, int Expert)>();
        var start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var end = start + rune.Utf8SequenceLength;
            if (end > perByte.Count)
            {
                break;
            }

            var expert = Of([.. perByte.Skip(start).Take(end - start)]);
            if (runs.Count > 0 && runs[^1].Expert == expert)
            {
                runs[^1] = (runs[^1].Text + rune, expert);
            }
            else
            {
                runs.Add((rune.ToString(), expert));
            }

            start = end;
        }

        return runs;
    }

    private static int Of(List<int> bytes) => bytes
        .Select((expert, place) => (expert, place))
        .GroupBy(pair => pair.expert)
        .MaxBy(group => (group.Count(), group.Max(pair => pair.place)))!.Key;
}
