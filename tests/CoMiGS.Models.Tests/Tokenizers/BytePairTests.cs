using CoMiGS.Models.Tokenizers;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Tokenizers;

public sealed class BytePairTests
{
    [Fact]
    public void Merging_gives_what_the_definition_gives_for_short_words_and_long_ones()
    {
        var choices = Gen.Choose(0, int.MaxValue).Zip(Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, 400))).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(choices, choice =>
        {
            var random = new Random(choice.Item1);
            var merges = Merges(random, 30);
            var tokenizer = Load(merges, asPairs: choice.Item1 % 2 == 0);
            for (var word = 0; word < 5; word++)
            {
                var text = string.Concat(Enumerable.Range(0, choice.Item2).Select(_ => "abc"[random.Next(3)]));
                tokenizer.Encode(text).Select(tokenizer.TokenText).Should().Equal(Naive(text, merges));
                tokenizer.Encode(text).Select(tokenizer.TokenText).Should().Equal(Naive(text, merges), "a known word has the same ids");
            }
        }));
    }

    [Fact]
    public void Of_equal_pairs_the_leftmost_merges_first()
    {
        var tokenizer = Load([("a", "a")], asPairs: false);

        foreach (var length in new[] { 3, 5, 101 })
        {
            tokenizer.Encode(new string('a', length)).Select(tokenizer.TokenText).Should().Equal([.. Enumerable.Repeat("aa", length / 2), "a"]);
        }
    }

    [Fact]
    public void A_word_of_a_million_bytes_is_merged()
    {
        (string, string)[] merges = [("a", "b"), ("ab", "ab"), ("abab", "abab")];
        var text = string.Concat(Enumerable.Repeat("ab", 500_000));

        var tokens = Load(merges, asPairs: true).Encode(text);

        tokens.Should().HaveCount(125_000).And.OnlyContain(id => id == tokens[0]);
    }

    [Fact]
    public void A_repeated_pair_has_the_rank_of_its_last_mention()
    {
        var tokenizer = Load([("a", "b"), ("b", "c"), ("a", "b")], asPairs: false);

        tokenizer.Encode("abc").Select(tokenizer.TokenText).Should().Equal("a", "bc");
    }

    [Fact]
    public void A_word_of_the_vocabulary_is_taken_whole_only_if_merges_are_ignored_for_it()
    {
        foreach (var ignore in new[] { true, false })
        {
            var spec = new TokenizerSpec().Merge("a", "b").Token("abc");
            spec.Model["ignore_merges"] = ignore;
            var tokenizer = spec.Load();

            tokenizer.Encode("abc").Select(tokenizer.TokenText).Should().Equal(ignore ? ["abc"] : ["ab", "c"]);
        }
    }

    [Theory]
    [InlineData(false, false, "a", "c")]
    [InlineData(true, false, "a", "?", "?", "c")]
    [InlineData(true, true, "a", "?", "c")]
    public void Bytes_that_the_vocabulary_lacks_become_the_unknown_token_if_there_is_one(bool named, bool fused, params string[] expected)
    {
        var spec = new TokenizerSpec();
        spec.Model["vocab"]!.AsObject().Remove("b");
        spec.Model["unk_token"] = named ? "?" : null;
        spec.Model["fuse_unk"] = fused;
        var tokenizer = spec.Load();

        tokenizer.Encode("abbc").Select(tokenizer.TokenText).Should().Equal(expected);
    }

    [Fact]
    public void Threads_share_a_tokenizer_and_its_known_words()
    {
        var random = new Random(5);
        var tokenizer = Load(Merges(random, 40), asPairs: false);
        var texts = Enumerable.Range(0, 2_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => "abc "[random.Next(4)]))).ToArray();
        var alone = texts.Select(text => tokenizer.Encode(text)).ToArray();
        var fresh = Load(Merges(new Random(5), 40), asPairs: false);
        var together = new int[texts.Length][];

        Parallel.For(0, texts.Length * 4, i => together[i % texts.Length] = fresh.Encode(texts[i % texts.Length]));

        together.Should().BeEquivalentTo(alone, options => options.WithStrictOrdering());
    }

    private static Tokenizer Load(IEnumerable<(string Left, string Right)> merges, bool asPairs)
    {
        var spec = new TokenizerSpec().PreTokenizer(TokenizerSpec.ByteLevel(pattern: false));
        foreach (var (left, right) in merges)
        {
            spec.Merge(left, right, asPairs);
        }

        return spec.Load();
    }

    private static List<(string Left, string Right)> Merges(Random random, int count)
    {
        var tokens = new List<string> { "a", "b", "c" };
        var merges = new List<(string, string)>();
        while (merges.Count < count)
        {
            var pair = (tokens[random.Next(tokens.Count)], tokens[random.Next(tokens.Count)]);
            if (!merges.Contains(pair))
            {
                merges.Add(pair);
                tokens.Add(pair.Item1 + pair.Item2);
            }
        }

        return merges;
    }

    private static List<string> Naive(string text, List<(string Left, string Right)> merges)
    {
        var parts = text.Select(c => c.ToString()).ToList();
        while (true)
        {
            var ranks = parts.Zip(parts.Skip(1), (left, right) => merges.IndexOf((left, right))).ToList();
            if (!ranks.Exists(rank => rank >= 0))
            {
                return parts;
            }

            var at = ranks.IndexOf(ranks.Where(rank => rank >= 0).Min());
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }
}
