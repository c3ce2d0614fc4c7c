using CoMiGS.Models.Tokenizers;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Tokenizers;

public sealed class SplittingTests
{
    public static TheoryData<string> Patterns => [TokenizerSpec.Gpt2, TokenizerSpec.Llama3, TokenizerSpec.Qwen2, TokenizerSpec.O200k];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Text_is_cut_where_the_pattern_cuts_it(string pattern)
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(30), Prop.ForAll(AnyText.WellFormed.ToArbitrary(), text =>
            PatternOracle.Pieces(By(pattern), text).SequenceEqual(PatternOracle.Expected(pattern, text))));
    }

    [Fact]
    public void ByteLevel_cuts_by_the_pattern_of_GPT2_unless_told_otherwise()
    {
        const string Text = "It's  12 o'clock";

        PatternOracle.Pieces(spec => spec, Text).Should().Equal(PatternOracle.Expected(TokenizerSpec.Gpt2, Text));
        PatternOracle.Pieces(spec => spec.PreTokenizer(TokenizerSpec.ByteLevel(pattern: false)), Text).Should().Equal(Text);
    }

    [Fact]
    public void Letters_and_numbers_beyond_U_FFFF_are_letters_and_numbers()
    {
        PatternOracle.Pieces(By(TokenizerSpec.Gpt2), "a\U0001D49C\U00020000 \U0001D7D9\U0001D7D8\U0001F600").Should().Equal("a\U0001D49C\U00020000", " \U0001D7D9\U0001D7D8", "\U0001F600");
    }

    [Theory]
    [InlineData("\u0085", true)]
    [InlineData("\u1680", true)]
    [InlineData("\u202F", true)]
    [InlineData("\uFEFF", false)]
    [InlineData("\u200B", false)]
    [InlineData("\u180E", false)]
    [InlineData("\u001C", false)]
    [InlineData("\u001F", false)]
    public void White_space_is_what_Unicode_calls_so(string character, bool isSpace)
    {
        PatternOracle.Pieces(By(TokenizerSpec.Gpt2), $"{character}{character}x").Should().Equal(isSpace ? [character, character, "x"] : [character + character, "x"]);
    }

    [Fact]
    public void A_long_s_is_an_s_where_case_does_not_count()
    {
        PatternOracle.Pieces(By(TokenizerSpec.Llama3), "it'\u017Fa").Should().Equal("it", "'\u017F", "a");
        PatternOracle.Pieces(By(TokenizerSpec.Gpt2), "it'\u017Fa").Should().Equal("it", "'", "\u017Fa");
    }

    [Theory]
    [InlineData(true, "a", "1", "2", " ", "3", "\U0001D7D9", "!")]
    [InlineData(false, "a", "12", " ", "3\U0001D7D9", "!")]
    public void Digits_are_kept_apart_one_by_one_or_number_by_number(bool individual, params string[] expected)
    {
        var digits = new System.Text.Json.Nodes.JsonObject { ["type"] = "Digits", ["individual_digits"] = individual };

        PatternOracle.Pieces(spec => spec.PreTokenizer(digits, TokenizerSpec.ByteLevel()), "a12 3\U0001D7D9!").Should().Equal(expected);
    }

    [Fact]
    public void A_fixed_text_is_kept_apart_or_removed()
    {
        const string Text = "ab--c--";

        PatternOracle.Pieces(spec => spec.PreTokenizer(TokenizerSpec.Split("String", "--"), TokenizerSpec.ByteLevel(pattern: false)), Text).Should().Equal("ab", "--", "c", "--");
        PatternOracle.Pieces(spec => spec.PreTokenizer(TokenizerSpec.Split("String", "--", "Removed"), TokenizerSpec.ByteLevel(pattern: false)), Text).Should().Equal("ab", "c");
    }

    [Fact]
    public void To_remove_what_is_between_the_matches_of_a_pattern_removes_nothing()
    {
        PatternOracle.Pieces(spec => spec.PreTokenizer(TokenizerSpec.Split("Regex", TokenizerSpec.Llama3, "Removed", invert: true), TokenizerSpec.ByteLevel(pattern: false)), "a b\n12345")
            .Should().Equal("a", " b", "\n", "123", "45");
    }

    [Theory]
    [InlineData("a b", " a b")]
    [InlineData(" a", " a")]
    [InlineData("\na", " \na")]
    [InlineData("", "")]
    public void A_blank_is_put_in_front_where_the_file_says_so(string text, string expected)
    {
        var tokenizer = new TokenizerSpec().PreTokenizer(TokenizerSpec.ByteLevel(blank: true)).Load();

        tokenizer.Decode(tokenizer.Encode(text)).Should().Be(expected);
    }

    [Fact]
    public void Every_piece_gets_its_blank_if_others_cut_before_ByteLevel()
    {
        var digits = new System.Text.Json.Nodes.JsonObject { ["type"] = "Digits", ["individual_digits"] = true };
        Tokenizer tokenizer = new TokenizerSpec().PreTokenizer(digits, TokenizerSpec.ByteLevel(blank: true)).Load();

        tokenizer.Decode(tokenizer.Encode("a12")).Should().Be(" a 1 2");
    }

    private static Func<TokenizerSpec, TokenizerSpec> By(string pattern) =>
        spec => spec.PreTokenizer(TokenizerSpec.Split("Regex", pattern), TokenizerSpec.ByteLevel(pattern: false));
}
