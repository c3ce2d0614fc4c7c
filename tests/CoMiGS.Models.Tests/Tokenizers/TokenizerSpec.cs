using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Models.Tests.Tokenizers;

/// <summary>A <c>tokenizer.json</c> in the making: the 256 bytes, and what a test adds. Its alphabet of bytes is written down a second time, apart from the library's.</summary>
internal sealed class TokenizerSpec
{
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    public const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    public const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    public const string O200k =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" +
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" +
        @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly string[] Bytes = Alphabet();

    private readonly JsonObject _vocabulary = [];
    private readonly JsonArray _merges = [];

    public TokenizerSpec()
    {
        for (var b = 0; b < 256; b++)
        {
            _vocabulary[Bytes[b]] = b;
        }

        Root = new()
        {
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(),
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = _vocabulary, ["merges"] = _merges },
        };
    }

    /// <summary>The whole file; a test changes what it likes.</summary>
    public JsonObject Root { get; }

    public JsonObject Model => Root["model"]!.AsObject();

    /// <summary>The next free id.</summary>
    public int Next => _vocabulary.Count + Root["added_tokens"]!.AsArray().Count;

    public static JsonObject ByteLevel(bool blank = false, bool pattern = true) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = blank, ["trim_offsets"] = true, ["use_regex"] = pattern };

    public static JsonObject Split(string kind, string pattern, string behaviour = "Isolated", bool invert = false) =>
        new() { ["type"] = "Split", ["pattern"] = new JsonObject { [kind] = pattern }, ["behavior"] = behaviour, ["invert"] = invert };

    /// <summary>What stands in a vocabulary for a text.</summary>
    public static string Spelt(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => Bytes[b]));

    public static string Spelt(byte value) => Bytes[value];

    public TokenizerSpec PreTokenizer(params JsonObject[] steps)
    {
        Root["pre_tokenizer"] = steps.Length == 1 ? steps[0] : new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. steps]) };
        return this;
    }

    /// <summary>Adds a token to the vocabulary; its id is the number of those before it.</summary>
    public TokenizerSpec Token(string spelt)
    {
        _vocabulary.TryAdd(spelt, Next);
        return this;
    }

    /// <summary>Adds a merge and, if it is new, the token that it makes.</summary>
    public TokenizerSpec Merge(string left, string right, bool asPair = false)
    {
        _merges.Add(asPair ? new JsonArray(left, right) : $"{left} {right}");
        return Token(left + right);
    }

    public TokenizerSpec Added(string content, bool special = true, bool left = false, bool right = false, bool word = false, bool normalized = false)
    {
        Root["added_tokens"]!.AsArray().Add(new JsonObject
        {
            ["id"] = Next,
            ["content"] = content,
            ["special"] = special,
            ["lstrip"] = left,
            ["rstrip"] = right,
            ["single_word"] = word,
            ["normalized"] = normalized,
        });
        return this;
    }

    public Tokenizer Load()
    {
        using var folder = new TokenizerFolder();
        return Tokenizer.Load(folder.Write("tokenizer.json", Root.ToJsonString(JsonSerializerOptions.Default)));
    }

    private static string[] Alphabet()
    {
        const string Printable = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
        var hidden = Enumerable.Range(0, 256).Where(b => !Printable.Contains((char)b)).ToList();
        return [.. Enumerable.Range(0, 256).Select(b => ((char)(hidden.IndexOf(b) is var i and >= 0 ? 0x100 + i : b)).ToString())];
    }
}
