using CoMiGS.Models.Tokenizers;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Tokenizers;

public sealed class RoundTripTests
{
    public static TheoryData<string> Kinds => ["GPT-2", "Llama 3", "Qwen 2", "o200k", "SmolLM"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_text_comes_back_from_its_ids(string kind)
    {
        var tokenizer = Kind(kind);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(AnyText.Any.ToArbitrary(), text =>
            tokenizer.Decode(tokenizer.Encode(text)) == (kind == "Qwen 2" ? tokenizer.Decode(tokenizer.Encode(AnyText.AsUtf8(text))) : AnyText.AsUtf8(text))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stream_of_ids_gives_the_same_text_without_splitting_a_code_point(string kind)
    {
        var tokenizer = Kind(kind);
        var ids = Gen.Choose(0, tokenizer.VocabularySize - 1).ListOf().Select(list => list.ToArray()); // most of them no valid UTF-8
        var encoded = AnyText.Any.Select(text => tokenizer.Encode(text));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Gen.OneOf(ids, encoded).ToArbitrary(), tokens =>
        {
            var decoder = new StreamingDecoder(tokenizer);
            List<string> parts = [.. tokens.Select(decoder.Add), decoder.Complete()];
            return string.Concat(parts) == tokenizer.Decode(tokens) && parts.TrueForAll(IsWhole);
        }));
    }

    [Fact]
    public void No_text_at_all_is_refused() => Kind("GPT-2").Invoking(t => t.Encode(null!)).Should().Throw<ArgumentNullException>().WithParameterName("text");

    [Fact]
    public void A_lone_surrogate_is_encoded_as_the_replacement_character()
    {
        var tokenizer = Kind("GPT-2");

        tokenizer.Encode("a\uD83Db\uDE00").Should().Equal(tokenizer.Encode("a\uFFFDb\uFFFD"));
    }

    [Fact]
    public void Text_is_appended_to_a_list_of_the_caller()
    {
        var tokenizer = Kind("Llama 3");
        var tokens = new List<int> { 7 };

        tokenizer.Encode("it is".AsSpan(), tokens);
        tokenizer.Encode("it".AsSpan(), tokens, addSpecialTokens: false);

        tokens.Should().Equal([7, .. tokenizer.Encode("it is"), .. tokenizer.Encode("it", addSpecialTokens: false)]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    [InlineData(int.MaxValue)]
    public void An_id_without_a_token_is_refused_with_the_ids_there_are(int id)
    {
        var tokenizer = new TokenizerSpec().Load();
        var whole = () => tokenizer.Decode([65, id]);
        var streamed = () => new StreamingDecoder(tokenizer).Add(id);

        whole.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"No token has the id {id}. The vocabulary has ids from 0 to 255.*");
        streamed.Should().Throw<ArgumentOutOfRangeException>();
        tokenizer.TokenText(id).Should().BeNull();
    }

    [Fact]
    public void A_code_point_is_held_back_until_its_last_byte()
    {
        var tokenizer = new TokenizerSpec().Load();
        var decoder = new StreamingDecoder(tokenizer);

        tokenizer.Encode("é😀").Select(decoder.Add).Should().Equal("", "é", "", "", "", "😀");
        decoder.Complete().Should().BeEmpty();

        tokenizer.Encode("😀").Take(3).Select(decoder.Add).Should().OnlyContain(text => text.Length == 0);
        decoder.Complete().Should().Be("\uFFFD");
        decoder.Add(tokenizer.Encode("x").Single()).Should().Be("x", "the decoder is ready for another text");
    }

    // No half of a pair at either end.
    private static bool IsWhole(string part) => part == AnyText.AsUtf8(part);

    private static Tokenizer Kind(string kind)
    {
        var spec = new TokenizerSpec().Merge("h", "e").Merge("Ġ", "a").Merge("Ġ", "Ġ").Merge("Ã", "©").Merge("ð", "Ł", asPair: true).Merge("ðŁ", "ĺ");
        switch (kind)
        {
            case "Llama 3":
                spec.PreTokenizer(TokenizerSpec.Split("Regex", TokenizerSpec.Llama3), TokenizerSpec.ByteLevel(pattern: false));
                break;
            case "Qwen 2":
                spec.PreTokenizer(TokenizerSpec.Split("Regex", TokenizerSpec.Qwen2), TokenizerSpec.ByteLevel(pattern: false));
                spec.Root["normalizer"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "NFC" };
                break;
            case "o200k":
                spec.PreTokenizer(TokenizerSpec.Split("Regex", TokenizerSpec.O200k), TokenizerSpec.ByteLevel(pattern: false));
                break;
            case "SmolLM":
                spec.PreTokenizer(new System.Text.Json.Nodes.JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, TokenizerSpec.ByteLevel());
                break;
        }

        return spec.Load();
    }
}
