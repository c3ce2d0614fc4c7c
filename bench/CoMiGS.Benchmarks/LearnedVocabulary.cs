using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CoMiGS.Benchmarks;

/// <summary>Learns merges from a text, so that a benchmark has a vocabulary of a real one's size without a file of anybody's.</summary>
internal sealed class LearnedVocabulary
{
    private readonly List<(List<int> Symbols, int Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), int> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly List<string> _texts = [];

    private LearnedVocabulary(string text)
    {
        var letters = Enumerable.Range(0, 256).Select(b => b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF)).ToArray();
        var next = 256;
        _texts.AddRange(letters.Select((printable, b) => ((char)(printable ? b : next++)).ToString()));
        foreach (var word in Regex.Matches(text, @" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+").CountBy(match => match.Value))
        {
            _words.Add(([.. Encoding.UTF8.GetBytes(word.Key)], word.Value));
            CountPairs(_words.Count - 1, +1);
        }
    }

    /// <summary>Writes a <c>tokenizer.json</c> with GPT-2's way to cut text.</summary>
    /// <param name="text">Learnt from.</param>
    /// <param name="merges">How many merges.</param>
    /// <param name="path">The file.</param>
    public static void Write(string text, int merges, string path)
    {
        var vocabulary = new LearnedVocabulary(text);
        var pairs = Enumerable.Range(0, merges).Select(_ => vocabulary.MergeBest()).ToList();
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            added_tokens = new[] { new { id = vocabulary._texts.Count, content = "<|endoftext|>", special = true } },
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false },
            model = new { type = "BPE", vocab = vocabulary._texts.Index().ToDictionary(t => t.Item, t => t.Index), merges = pairs },
        }));
    }

    private string MergeBest()
    {
        var (pair, _) = _counts.MaxBy(c => c.Value);
        _texts.Add(_texts[pair.Left] + _texts[pair.Right]);
        foreach (var place in _places[pair].ToList())
        {
            CountPairs(place, -1);
            var symbols = _words[place].Symbols;
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
                {
                    symbols[i] = _texts.Count - 1;
                    symbols.RemoveAt(i + 1);
                }
            }

            CountPairs(place, +1);
        }

        _counts.Remove(pair);
        _places.Remove(pair);
        return $"{_texts[pair.Left]} {_texts[pair.Right]}";
    }

    private void CountPairs(int place, int sign)
    {
        var (symbols, count) = _words[place];
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            var pair = (symbols[i], symbols[i + 1]);
            var places = _places.TryGetValue(pair, out var known) ? known : _places[pair] = [];
            _ = sign > 0 ? places.Add(place) : places.Remove(place);
            _counts[pair] = _counts.GetValueOrDefault(pair) + (sign * count);
        }
    }
}
