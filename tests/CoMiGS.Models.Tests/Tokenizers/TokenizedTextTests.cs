using CoMiGS.Data;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Models.Tests.Tokenizers;

public sealed class TokenizedTextTests
{
    private static readonly ITokenizer Bytes = new Reversed();

    [Fact]
    public void A_text_file_becomes_the_ids_of_its_text()
    {
        using var folder = new TokenizerFolder();
        var path = folder.Write("text.txt", "héllo");
        var tokenizer = new TokenizerSpec().Merge("l", "l").Load();

        var text = TokenizedText.Open(path, tokenizer);

        text.Name.Should().Be(path);
        Read(text, 0, (int)text.Length).Should().Equal(tokenizer.Encode("héllo").Select(id => (long)id));
        Read(text, 1, 2).Should().Equal(tokenizer.Encode("héllo").Skip(1).Take(2).Select(id => (long)id));
    }

    [Theory]
    [InlineData(TokenWidth.TwoBytes)]
    [InlineData(TokenWidth.FourBytes)]
    public void Ids_are_kept_in_a_token_file(TokenWidth width)
    {
        using var folder = new TokenizerFolder();
        var path = Path.Combine(folder.Path, "text.bin");
        var text = TokenizedText.From("abc", Bytes);

        text.Save(path, width);

        using var file = TokenFile.Open(path, width);
        Read(file, 0, (int)file.Length).Should().Equal(Read(text, 0, (int)text.Length));
    }

    [Fact]
    public void Any_tokenizer_will_do()
    {
        Read(TokenizedText.From("abc", Bytes, "mine"), 0, 4).Should().Equal(0, 'c', 'b', 'a');
        Read(TokenizedText.From("abc", Bytes, addSpecialTokens: false), 0, 3).Should().Equal('c', 'b', 'a');
    }

    [Fact]
    public void A_file_that_is_not_there_or_not_UTF8_is_refused()
    {
        using var folder = new TokenizerFolder();
        var path = Path.Combine(folder.Path, "latin.txt");
        File.WriteAllBytes(path, [(byte)'a', 0xE9, (byte)'b']);
        var latin = () => TokenizedText.Open(path, Bytes);
        var absent = () => TokenizedText.Open(path + "x", Bytes);

        latin.Should().Throw<InvalidDataException>().WithMessage("The text file '*latin.txt' is not UTF-8*Convert it*");
        absent.Should().Throw<FileNotFoundException>().WithMessage("There is no text file '*latin.txtx'*");
    }

    private static long[] Read(ITokenSource source, long start, int length)
    {
        var tokens = new long[length];
        source.Read(start, tokens);
        return tokens;
    }

    /// <summary>A tokenizer of a host's own.</summary>
    private sealed class Reversed : ITokenizer
    {
        public int[] Encode(string text, bool addSpecialTokens = true) => [.. addSpecialTokens ? [0] : Array.Empty<int>(), .. text.Reverse().Select(c => (int)c)];

        public string Decode(IEnumerable<int> tokens, bool skipSpecialTokens = false) => string.Concat(tokens.Reverse().Select(id => (char)id));
    }
}
