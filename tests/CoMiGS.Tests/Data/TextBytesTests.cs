using CoMiGS.Data;

namespace CoMiGS.Tests.Data;

public sealed class TextBytesTests
{
    [Fact]
    public void Tokens_are_the_bytes_of_the_text()
    {
        var text = TextBytes.From("aä");
        var tokens = new long[3];
        text.Read(0, tokens);

        tokens.Should().Equal(0x61, 0xC3, 0xA4);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var act = () => TextBytes.Open("no/such/text.txt");

        act.Should().Throw<FileNotFoundException>().WithMessage("*no/such/text.txt*");
    }

    [Fact]
    public void An_empty_text_is_refused()
    {
        var act = () => TextBytes.From("", "valid.txt");

        act.Should().Throw<ArgumentException>().WithMessage("*'valid.txt' is empty*");
    }
}
