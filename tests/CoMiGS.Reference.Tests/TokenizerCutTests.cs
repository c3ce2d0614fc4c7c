using System.Text;
using System.Text.Json;
using CoMiGS.Models.Tests.Tokenizers;

namespace CoMiGS.Reference.Tests;

/// <summary>
/// Golden rows whose vocabulary is not there still say something about where text is cut: no piece has less than one id, and no token reaches over a cut. The bytes
/// of a token are known for the first 256 ids, and follow for another where it is the only unknown one of a row.
/// </summary>
[Trait("Category", "Reference")]
public sealed class TokenizerCutTests
{
    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["gpt2"] = TokenizerSpec.Gpt2,
        ["cl100k"] = TokenizerSpec.Llama3,
        ["o200k"] = TokenizerSpec.O200k,
    };

    public static TheoryData<string> Names => [.. TokenizerFolder.Golden.Where(name => TokenizerFolder.Tokenizer(name) is null && Patterns.ContainsKey(name))];

    [ReferenceTheory]
    [MemberData(nameof(Names))]
    public void No_token_of_the_reference_reaches_over_a_cut(string name)
    {
        var rows = TokenizerFolder.Rows(name);
        var known = KnownTokens(rows);
        var compared = 0;
        foreach (var row in rows)
        {
            var (text, ids) = Row(row);
            var pieces = PatternOracle.Pieces(spec => spec.PreTokenizer(TokenizerSpec.Split("Regex", Patterns[name]), TokenizerSpec.ByteLevel(pattern: false)), text).ToList();

            pieces.Count.Should().BeLessThanOrEqualTo(ids.Length, text);
            if (ids.All(known.ContainsKey))
            {
                Ends(ids.Select(id => known[id])).Should().Contain(Ends(pieces.Select(piece => Encoding.UTF8.GetByteCount(piece))), text);
                compared++;
            }
        }

        compared.Should().BePositive("some rows can be taken apart");
    }

    private static Dictionary<int, int> KnownTokens(IReadOnlyList<JsonElement> rows)
    {
        var lengths = Enumerable.Range(0, 256).ToDictionary(id => id, _ => 1);
        bool found;
        do
        {
            found = false;
            foreach (var (text, ids) in rows.Select(Row))
            {
                var unknown = ids.Where(id => !lengths.ContainsKey(id)).ToList();
                if (unknown.Count == 1)
                {
                    lengths[unknown[0]] = Encoding.UTF8.GetByteCount(text) - ids.Where(lengths.ContainsKey).Sum(id => lengths[id]);
                    found = true;
                }
            }
        }
        while (found);
        return lengths;
    }

    private static List<int> Ends(IEnumerable<int> lengths)
    {
        var end = 0;
        return [0, .. lengths.Select(length => end += length)];
    }

    private static (string Text, int[] Ids) Row(JsonElement row) => (row.GetProperty("text").GetString()!, [.. row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())]);
}
