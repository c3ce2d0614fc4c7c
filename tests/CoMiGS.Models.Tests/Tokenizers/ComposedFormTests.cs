using System.Text.Json.Nodes;
using CoMiGS.Models.Tokenizers;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Tokenizers;

/// <summary>Normalization form C, seen through a tokenizer that normalizes and else keeps every byte.</summary>
public sealed class ComposedFormTests
{
    private static readonly Tokenizer Composing = Load();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("a\u0302\u0323", "\u1EAD")]
    [InlineData("a\u0323\u0307\u0302", "\u1EA1\u0307\u0302")] // the dot above blocks the circumflex
    [InlineData("d\u0307\u0323", "\u1E0D\u0307")] // marks change places
    [InlineData("\u0344", "\u0308\u0301")] // only taken apart
    [InlineData("\u212B\u2126\u2000", "\u00C5\u03A9\u2002")]
    [InlineData("\uFB1D", "\u05D9\u05B4")] // excluded from composition
    [InlineData("\uF900\U0002F800", "\u8C48\u4E3D")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8x", "\uAC01x")]
    [InlineData("\u1100\uAC00", "\u1100\uAC00")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\uFB01 ①", "\uFB01 ①")] // compatibility forms stay
    public void A_text_is_brought_to_its_composed_form(string text, string composed)
    {
        Compose(text).Should().Be(composed);
        Compose("prefix " + text + " suffix").Should().Be("prefix " + composed + " suffix");
    }

    [Fact]
    public void To_compose_again_changes_nothing()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(AnyText.Any.ToArbitrary(), text => Compose(Compose(text)) == Compose(text)));
    }

    [Fact]
    public void A_text_is_left_as_it_is_without_a_normalizer()
    {
        var tokenizer = new TokenizerSpec().Load();

        tokenizer.Decode(tokenizer.Encode("e\u0301\u212B")).Should().Be("e\u0301\u212B");
    }

    private static string Compose(string text) => Composing.Decode(Composing.Encode(text));

    private static Tokenizer Load()
    {
        var spec = new TokenizerSpec();
        spec.Root["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(new JsonObject { ["type"] = "NFC" }) };
        return spec.Load();
    }
}
