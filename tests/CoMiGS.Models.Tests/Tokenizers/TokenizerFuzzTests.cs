using System.Text;
using CoMiGS.Models.Tokenizers;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Tokenizers;

/// <summary>Throws spoiled files at the reader: it may refuse them, and nothing else.</summary>
public sealed class TokenizerFuzzTests
{
    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(new TokenizerSpec()
        .PreTokenizer(TokenizerSpec.Split("Regex", TokenizerSpec.Llama3), TokenizerSpec.Split("String", "--", "Removed"), TokenizerSpec.ByteLevel(pattern: false))
        .Merge("a", "b").Merge("ab", "ab", asPair: true).Added("<s>").Added("<x>", special: false, left: true, right: true, word: true)
        .Root.ToJsonString());

    [Fact]
    public void A_spoiled_file_is_read_or_refused()
    {
        var read = 0;
        var refused = 0;
        using var folder = new TokenizerFolder();
        var path = Path.Combine(folder.Path, "tokenizer.json");

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Spoilt().ToArbitrary(), content =>
        {
            File.WriteAllBytes(path, content);
            try
            {
                var tokenizer = Tokenizer.Load(path);
                tokenizer.Decode(tokenizer.Encode("abab -- <s> é 12345 <x>!"));
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }));

        read.Should().BePositive("some changes do no harm");
        refused.Should().BePositive();
    }

    // Changed, repeated, removed and cut; a change of punctuation or of a digit reaches past the parser most often.
    private static Gen<byte[]> Spoilt() =>
        from edits in (
            from at in Gen.Choose(0, Whole.Length - 1)
            from length in Gen.Choose(0, 12)
            from kind in Gen.Choose(0, 4)
            from value in Gen.OneOf(Gen.Elements("0123456789-e.,:\"{}[]ntf\\ ".Select(c => (byte)c).ToArray()), Gen.Choose(0, 255).Select(b => (byte)b))
            select (at, length, kind, value)).ListOf()
        select edits.Take(4).Aggregate(Whole, (bytes, edit) => Edit(bytes, edit.at % bytes.Length, edit.length, edit.kind, edit.value));

    private static byte[] Edit(byte[] bytes, int at, int length, int kind, byte value)
    {
        var end = Math.Min(bytes.Length, at + length);
        return kind switch
        {
            0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], value, .. bytes[at..]],
            2 => [.. bytes[..(at == 0 ? 1 : at)], .. bytes[Math.Max(end, 1)..]],
            3 => [.. bytes[..end], .. bytes[at..end], .. bytes[end..]],
            _ => length == 0 ? bytes[..Math.Max(at, 1)] : [.. bytes[..at], .. bytes[at..].Reverse().Take(length), .. bytes[at..]],
        };
    }
}
