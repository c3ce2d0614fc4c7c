using System.Text.Json.Nodes;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Models.Tests.Tokenizers;

public sealed class TokenizerFileTests
{
    private const string Bytes = "\"a\": 0, \"b\": 1, \"ab\": 2, \"Ġ\": 3, \"1\": 4, \"2\": 5";

    [Fact]
    public void A_folder_a_file_and_the_older_form_are_read()
    {
        using var folder = new TokenizerFolder();
        folder.Write("vocab.json", $"{{ {Bytes} }}");
        folder.Write("merges.txt", "#version: 0.2\na b\n");

        Tokenizer.Load(folder.Path).Encode("ab a").Should().Equal(2, 3, 0);
        Tokenizer.Load(Path.Combine(folder.Path, "vocab.json")).Encode("ab").Should().Equal(2);
        Tokenizer.Load(Path.Combine(folder.Path, "merges.txt")).Encode("ab").Should().Equal(2);

        var json = folder.Write("tokenizer.json", new TokenizerSpec().Merge("a", "b").Root.ToJsonString());
        Tokenizer.Load(json).VocabularySize.Should().Be(257);
        Tokenizer.Load(folder.Path).VocabularySize.Should().Be(257, "a tokenizer.json says more and comes first");
    }

    [Fact]
    public void Merges_are_read_in_both_notations()
    {
        foreach (var asPair in new[] { true, false })
        {
            new TokenizerSpec().Merge("a", "b", asPair).Load().Encode("ab").Should().Equal(256);
        }
    }

    [Theory]
    [InlineData("GPT2Tokenizer", 4, 5)]
    [InlineData("Qwen2Tokenizer", 4, 5)]
    [InlineData(null, 6)]
    public void The_class_of_the_tokenizer_says_how_the_older_form_cuts(string? name, params int[] expected)
    {
        using var folder = new TokenizerFolder();
        folder.Write("vocab.json", $"{{ {Bytes}, \"12\": 6 }}");
        folder.Write("merges.txt", name == "Qwen2Tokenizer" ? "1 2\n" : name is null ? "1 2" : "a b\n");
        folder.Write("tokenizer_config.json", name is null ? "{}" : $"{{ \"tokenizer_class\": \"{name}\" }}");

        Tokenizer.Load(folder.Path).Encode("12").Should().Equal(expected);
    }

    [Fact]
    public void Tokens_that_the_configuration_and_added_tokens_name_are_known()
    {
        using var folder = new TokenizerFolder();
        folder.Write("vocab.json", $"{{ {Bytes}, \"<|endoftext|>\": 6 }}");
        folder.Write("merges.txt", "");
        folder.Write("added_tokens.json", """{ "<extra>": 7 }""");
        folder.Write("tokenizer_config.json", """
            { "add_prefix_space": true, "bos_token": { "content": "<begin>" }, "eos_token": "<|endoftext|>",
              "added_tokens_decoder": { "8": { "content": "<begin>", "special": true, "lstrip": true } } }
            """);

        var tokenizer = Tokenizer.Load(folder.Path);

        tokenizer.Encode("a <begin>b<extra><|endoftext|>").Should().Equal(3, 0, 8, 3, 1, 7, 6);
        tokenizer.BeginToken.Should().Be(8);
        tokenizer.EndToken.Should().Be(6);
        tokenizer.AddedTokens.Where(token => token.Special).Select(token => token.Id).Should().Equal(6, 8);
    }

    [Fact]
    public void A_configuration_beside_a_tokenizer_json_names_begin_and_end_and_adds_tokens()
    {
        using var folder = new TokenizerFolder();
        folder.Write("tokenizer.json", new TokenizerSpec().Added("<s>").Root.ToJsonString());
        folder.Write("tokenizer_config.json", """{ "bos_token": "<s>", "eos_token": null, "added_tokens_decoder": { "257": { "content": "<x>" } } }""");

        var tokenizer = Tokenizer.Load(folder.Path);

        tokenizer.BeginToken.Should().Be(256);
        tokenizer.EndToken.Should().BeNull();
        tokenizer.Encode("<x>").Should().Equal(257);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused_with_what_may_be_there()
    {
        using var folder = new TokenizerFolder();
        var empty = () => Tokenizer.Load(folder.Path);
        var absent = () => Tokenizer.Load(Path.Combine(folder.Path, "x.json"));
        folder.Write("tokenizer.model", "");

        empty.Should().Throw<FileNotFoundException>().WithMessage("*has no tokenizer.json and no vocab.json with merges.txt*SentencePiece*");
        absent.Should().Throw<FileNotFoundException>().WithMessage("*There is no file '*x.json'*");

        folder.Write("vocab.json", "{}");
        empty.Should().Throw<FileNotFoundException>().WithMessage("*merges.txt*");
    }

    [Fact]
    public void All_that_is_not_supported_is_named_at_once_with_what_is()
    {
        var spec = new TokenizerSpec();
        spec.Model["dropout"] = 0.1;
        spec.Model["byte_fallback"] = true;
        spec.Model["end_of_word_suffix"] = "_w";
        spec.Root["normalizer"] = new JsonObject { ["type"] = "Lowercase" };
        spec.Root["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace" };
        spec.Root["post_processor"] = new JsonObject { ["type"] = "BertProcessing" };
        spec.Root["decoder"] = new JsonObject { ["type"] = "WordPiece" };

        Refusal(spec).Should().ContainAll(
            "model.dropout: 0.1", "byte_fallback is not supported", "model.end_of_word_suffix: \"_w\"", "normalizer: 'Lowercase' is not supported; supported: NFC",
            "pre_tokenizer: 'Metaspace' is not supported; supported: Split, Digits, ByteLevel", "post_processor: 'BertProcessing'", "decoder: 'WordPiece'");
    }

    [Theory]
    [InlineData("WordPiece")]
    [InlineData("Unigram")]
    public void Another_kind_of_model_is_refused_by_name(string type)
    {
        var spec = new TokenizerSpec();
        spec.Model["type"] = type;

        Refusal(spec).Should().Contain($"model.type: \"{type}\" is not supported; supported: \"BPE\"");
    }

    [Fact]
    public void A_pattern_that_is_not_known_is_refused_with_those_that_are()
    {
        var spec = new TokenizerSpec().PreTokenizer(TokenizerSpec.Split("Regex", @"\w+"), TokenizerSpec.ByteLevel(pattern: false));

        Refusal(spec).Should().Contain("pre_tokenizer.pretokenizers[0].pattern.Regex: the pattern \"\\\\w\\u002B\" is not known; known are those of GPT-2, Llama 3 (cl100k), Qwen 2 and o200k");
    }

    [Theory]
    [InlineData("MergedWithNext", false)]
    [InlineData("Removed", false)]
    [InlineData("Contiguous", true)]
    public void A_behaviour_that_is_not_supported_is_refused(string behaviour, bool invert)
    {
        var spec = new TokenizerSpec().PreTokenizer(TokenizerSpec.Split("Regex", TokenizerSpec.Gpt2, behaviour, invert), TokenizerSpec.ByteLevel(pattern: false));

        Refusal(spec).Should().Contain($"behavior '{behaviour}'");
    }

    [Fact]
    public void A_vocabulary_that_contradicts_itself_is_refused_with_both_sides()
    {
        var spec = new TokenizerSpec().Merge("a", "b").Added("<s>");
        spec.Model["vocab"]!["twice"] = 5;
        spec.Model["vocab"]!["low"] = -1;
        spec.Model["vocab"]!["high"] = 3_000_000;
        spec.Model["vocab"]!["text"] = "7";
        spec.Model["merges"]!.AsArray().Add("a x9");
        spec.Model["merges"]!.AsArray().Add("abc");
        spec.Root["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 3, ["content"] = "<mine>" });
        spec.Root["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 900, ["content"] = "ab" });

        Refusal(spec).Should().ContainAll(
            "model.vocab.\"twice\": has the id 5, which '\u0105' has already", "model.vocab.\"low\": expected an id from 0 to 2097151, got -1", "\"high\": expected", "\"text\": expected",
            "model.merges[1]: merges 'a' and 'x9', but the vocabulary has no 'x9'", "model.merges[2]: expected \"a b\"",
            "added_tokens[1]: '<mine>' has the id 3, which '\u0103' has already", "added_tokens[2]: 'ab' has the id 900 here, but 256 elsewhere");
    }

    [Fact]
    public void A_token_that_stands_twice_in_the_vocabulary_is_refused()
    {
        using var folder = new TokenizerFolder();
        folder.Write("merges.txt", "a b\nab\nb a\n");
        folder.Write("vocab.json", $"{{ {Bytes}, \"a\": 9 }}");

        var load = () => Tokenizer.Load(folder.Path);

        load.Should().Throw<InvalidDataException>().WithMessage("*vocab.json: \"a\": the token stands here twice, with the ids 0 and 9*merges.txt: line 2: expected two tokens*got \"ab\"*line 3: merges 'b' and 'a', but the vocabulary has no 'ba'*");
    }

    [Fact]
    public void The_older_form_of_an_unknown_class_is_refused()
    {
        using var folder = new TokenizerFolder();
        folder.Write("vocab.json", $"{{ {Bytes} }}");
        folder.Write("merges.txt", "");
        folder.Write("tokenizer_config.json", """{ "tokenizer_class": "RobertaTokenizer" }""");

        var load = () => Tokenizer.Load(folder.Path);

        load.Should().Throw<InvalidDataException>().WithMessage("*tokenizer_config.json: tokenizer_class: 'RobertaTokenizer' is not supported*GPT2Tokenizer, Qwen2Tokenizer*");
    }

    [Theory]
    [InlineData("", "*is no JSON*")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "*is no JSON*pointer to a file*")]
    [InlineData("{", "*is no JSON*")]
    [InlineData("[]", "*(root): expected an object with 'model', got []*")]
    [InlineData("{}", "*(root): has no 'model'*(root): has no 'pre_tokenizer'*")]
    [InlineData("""{ "model": 3, "pre_tokenizer": { "type": "ByteLevel" } }""", "*model: expected an object with 'vocab', got 3*")]
    [InlineData("""{ "model": { "vocab": { "\ud800": 0 }, "merges": [] }, "pre_tokenizer": { "type": "ByteLevel" } }""", "*model.vocab: has a name that is no valid Unicode text*")]
    [InlineData("""{ "model": { "vocab": { "a": 0 }, "merges": ["\udc00 a"] }, "pre_tokenizer": { "type": "ByteLevel" } }""", "*model.merges[0]: is no valid Unicode text*")]
    [InlineData("""{ "model": { "vocab": { "a": 0 }, "merges": {} }, "pre_tokenizer": { "type": "Digits" } }""", "*model.merges: expected an array*pre_tokenizer: has no ByteLevel*")]
    public void A_malformed_file_is_refused_with_field_and_value(string content, string message)
    {
        using var folder = new TokenizerFolder();
        var load = () => Tokenizer.Load(folder.Write("tokenizer.json", content));

        load.Should().Throw<InvalidDataException>().WithMessage(message);
    }

    [Fact]
    public void A_file_that_is_no_UTF8_is_refused()
    {
        using var folder = new TokenizerFolder();
        var path = Path.Combine(folder.Path, "tokenizer.json");
        File.WriteAllBytes(path, [(byte)'"', 0xEF, (byte)'"']);
        var load = () => Tokenizer.Load(path);

        load.Should().Throw<InvalidDataException>().WithMessage("*tokenizer.json is no UTF-8*");
    }

    private static string Refusal(TokenizerSpec spec)
    {
        var load = () => spec.Load();
        return load.Should().Throw<InvalidDataException>().Which.Message;
    }
}
