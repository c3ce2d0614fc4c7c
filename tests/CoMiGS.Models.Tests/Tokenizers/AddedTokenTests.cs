using System.Text.Json.Nodes;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Models.Tests.Tokenizers;

public sealed class AddedTokenTests
{
    [Fact]
    public void An_added_token_is_one_token_wherever_it_stands()
    {
        var tokenizer = new TokenizerSpec().Added("<s>").Load();

        Cut(tokenizer, "<s>a<s><s> b<s").Should().Equal("<s>", "a", "<s>", "<s>", " ", "b", "<", "s");
    }

    [Fact]
    public void The_longest_of_those_that_begin_at_a_place_wins()
    {
        var tokenizer = new TokenizerSpec().Added("<a>").Added("<a><b>").Added("><b>x").Load();

        Cut(tokenizer, "<a><b>x<a>").Should().Equal("<a><b>", "x", "<a>");
    }

    [Fact]
    public void White_space_beside_it_is_swallowed_where_the_token_says_so()
    {
        var tokenizer = new TokenizerSpec().Added("[L]", left: true).Added("[R]", right: true).Added("[N]").Load();

        Cut(tokenizer, "x \u3000\n[L] y").Should().Equal("x", "[L]", " ", "y");
        Cut(tokenizer, "x [R] \t y").Should().Equal("x", " ", "[R]", "y");
        Cut(tokenizer, "[R]  [L]").Should().Equal("[R]", "[L]");
        Cut(tokenizer, "[N]  [L] [R]").Should().Equal("[N]", "[L]", " ", "[R]");
    }

    [Theory]
    [InlineData("pre cat, cat", true)]
    [InlineData("cat", true)]
    [InlineData("-cat-", true)]
    [InlineData("cats", false)]
    [InlineData("_cat", false)]
    [InlineData("1cat", false)]
    [InlineData("écat", false)]
    [InlineData("cat\U0001D49C", false)]
    [InlineData("cat\u0301", false)]
    [InlineData("😀cat😀", true)]
    public void A_single_word_counts_only_where_no_word_touches_it(string text, bool found)
    {
        var tokenizer = new TokenizerSpec().Added("cat", special: false, word: true).Load();

        tokenizer.Encode(text).Contains(tokenizer.TokenId("cat")!.Value).Should().Be(found);
    }

    [Fact]
    public void Special_tokens_are_left_out_of_a_text_on_request_and_others_never()
    {
        var tokenizer = new TokenizerSpec().Added("<s>").Added("<tool>", special: false).Load();
        var tokens = tokenizer.Encode("<s>a<tool>");
        var decoder = new StreamingDecoder(tokenizer, skipSpecialTokens: true);

        tokenizer.Decode(tokens).Should().Be("<s>a<tool>");
        tokenizer.Decode(tokens, skipSpecialTokens: true).Should().Be("a<tool>");
        string.Concat(tokens.Select(decoder.Add)).Should().Be("a<tool>");
    }

    [Fact]
    public void A_normalized_token_is_looked_for_after_normalization_and_others_before()
    {
        var spec = new TokenizerSpec().Added("cafe\u0301", special: false, normalized: true).Added("the\u0301", special: false);
        spec.Root["normalizer"] = new JsonObject { ["type"] = "NFC" };
        var tokenizer = spec.Load();
        int normalized = tokenizer.TokenId("cafe\u0301")!.Value, raw = tokenizer.TokenId("the\u0301")!.Value;

        tokenizer.Encode("café").Should().Equal(normalized);
        tokenizer.Encode("cafe\u0301").Should().Equal(normalized);
        tokenizer.Encode("the\u0301").Should().Equal(raw);
        tokenizer.Encode("thé").Should().NotContain(raw);
    }

    [Fact]
    public void A_template_puts_tokens_round_a_text_on_request()
    {
        var spec = new TokenizerSpec().Added("<s>").Added("</s>");
        spec.Root["post_processor"] = Template("<s>", "</s>");
        var tokenizer = spec.Load();

        Cut(tokenizer, "a").Should().Equal("<s>", "a", "</s>");
        Cut(tokenizer, "").Should().Equal("<s>", "</s>");
        tokenizer.Encode("a", addSpecialTokens: false).Should().Equal(tokenizer.TokenId("a")!.Value);
    }

    [Fact]
    public void A_template_of_a_token_that_it_does_not_know_is_refused()
    {
        var spec = new TokenizerSpec().Added("<s>");
        spec.Root["post_processor"] = Template("<s>", "<nowhere>");
        spec.Root["post_processor"]!["special_tokens"]!.AsObject().Remove("<nowhere>");

        var load = () => spec.Load();

        load.Should().Throw<InvalidDataException>().WithMessage("*tokenizer.json: post_processor.single[2].SpecialToken: names '<nowhere>'*");
    }

    private static JsonObject Template(string before, string after)
    {
        static JsonObject Piece(string token) => new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = 0 } };
        static JsonObject Known(string token, int id) => new() { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) };
        return new()
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Piece(before), new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }, Piece(after)),
            ["special_tokens"] = new JsonObject { [before] = Known(before, 256), [after] = Known(after, 257) },
        };
    }

    private static IEnumerable<string> Cut(Tokenizer tokenizer, string text) => tokenizer.Encode(text).Select(id => tokenizer.Decode([id]));
}
