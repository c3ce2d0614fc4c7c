using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Training;

/// <summary>Brings weights per byte, which is what the model sees, to weights per character, which is what people see.</summary>
public static class CharacterWeights
{
    /// <param name="text">The text.</param>
    /// <param name="perByte">Layer by layer, a weight for each byte of the text's UTF-8; characters without all their bytes are left out.</param>
    public static ColouredText Of(string text, IReadOnlyList<IReadOnlyList<double>> perByte)
    {
        var characters = new List<string>();
        var perCharacter = perByte.Select(_ => new List<double>()).ToList();
        var start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var end = start + rune.Utf8SequenceLength;
            if (end > perByte.Min(layer => layer.Count))
            {
                break;
            }

            characters.Add(rune.ToString());
            foreach (var (weights, layer) in perCharacter.Zip(perByte))
            {
                weights.Add(layer.Skip(start).Take(end - start).Average());
            }

            start = end;
        }

        return new ColouredText(characters, [.. perCharacter.Select(weights => (IReadOnlyList<double>)weights)]);
    }
}
