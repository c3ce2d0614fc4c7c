using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Tokenizers;

/// <summary>Texts made of what tokenizers stumble over.</summary>
internal static class AnyText
{
    private static readonly string[] Parts =
    [
        "a", "b", "s", "t", "re", "Ve", "LL", "d", "M", "S", "é", "e\u0301", "Ω", "ß", "あ", "字", "\u01C5", "\u02B0", "\uAC01", "\u1161",
        "\U0001D49C", "\U00010428", "\U00010400", "\U00020000", // letters beyond U+FFFF: mathematical capital, Deseret small and capital, ideograph
        "1", "23", "\u0664", "²", "\u2167", "\U0001D7D9", // numbers, one of them beyond U+FFFF
        " ", " ", "  ", "\t", "\n", "\r\n", "\r", "\u00A0", "\u0085", "\u3000", "\u2028",
        "\u200B", "\uFEFF", "\u180E", "\u001C", // no White_Space
        "'", "'", "!", "/", "-", "_", "(", "\u0301", "\U0001D165", "\u20DD", "\U0001F600", "\uFFFD", "\0", "\u200D",
    ];

    /// <summary>Well-formed texts.</summary>
    public static Gen<string> WellFormed { get; } = Gen.Elements(Parts).ListOf().Select(string.Concat);

    /// <summary>Any UTF-16 units, pairs of surrogates and lone ones too.</summary>
    public static Gen<string> Units { get; } =
        Gen.OneOf(Gen.Choose(0, 0xFFFF), Gen.Choose(0xD800, 0xDFFF), Gen.Choose(0, 0x7F)).Select(unit => (char)unit).ListOf().Select(string.Concat);

    /// <summary>Both kinds.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(WellFormed, Units);

    /// <summary>What UTF-8 makes of a text: lone surrogates are U+FFFD.</summary>
    public static string AsUtf8(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
