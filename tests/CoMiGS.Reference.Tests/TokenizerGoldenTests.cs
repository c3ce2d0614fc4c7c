using System.Text.Json;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Reference.Tests;

/// <summary>Ids and texts of other implementations: every <c>X.golden.json</c> that has an <c>X.tokenizer.json</c> beside it, row by row.</summary>
[Trait("Category", "Reference")]
public sealed class TokenizerGoldenTests
{
    private static readonly Dictionary<string, Tokenizer> Loaded = [];

    public static TheoryData<string, int> Rows()
    {
        var data = new TheoryData<string, int>();
        foreach (var name in TokenizerFolder.Golden.Where(name => TokenizerFolder.Tokenizer(name) is not null))
        {
            for (var row = 0; row < TokenizerFolder.Rows(name).Count; row++)
            {
                data.Add(name, row);
            }
        }

        return data;
    }

    [ReferenceTheory]
    [MemberData(nameof(Rows))]
    public void A_text_has_the_ids_and_the_ids_have_the_text_of_the_reference(string name, int row)
    {
        if (!Loaded.TryGetValue(name, out var tokenizer))
        {
            Loaded[name] = tokenizer = Tokenizer.Load(TokenizerFolder.Tokenizer(name)!);
        }

        var expected = TokenizerFolder.Rows(name)[row];
        var text = expected.GetProperty("text").GetString()!;
        var ids = Ids(expected, "ids");

        tokenizer.Encode(text, addSpecialTokens: false).Should().Equal(ids);
        if (expected.TryGetProperty("ids_with_special", out _))
        {
            var special = Ids(expected, "ids_with_special");
            tokenizer.Encode(text).Should().Equal(special);
            tokenizer.Decode(special).Should().Be(expected.GetProperty("decoded").GetString());
            tokenizer.Decode(special, skipSpecialTokens: true).Should().Be(expected.GetProperty("decoded_skip_special").GetString());
            Streamed(tokenizer, special).Should().Be(expected.GetProperty("decoded").GetString());
        }
    }

    private static int[] Ids(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static string Streamed(Tokenizer tokenizer, int[] ids)
    {
        var decoder = new StreamingDecoder(tokenizer);
        return string.Concat(ids.Select(decoder.Add)) + decoder.Complete();
    }
}
