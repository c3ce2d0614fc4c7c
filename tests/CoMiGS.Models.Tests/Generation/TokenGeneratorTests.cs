using CoMiGS.Models.Generation;
using CoMiGS.Parameters;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests.Generation;

public sealed class TokenGeneratorTests
{
    [Theory]
    [MemberData(nameof(Backbone.All), MemberType = typeof(Backbone))]
    public void With_and_without_cache_the_texts_are_the_same_within_the_block_and_beyond(Backbone backbone)
    {
        using var model = backbone.CreateDecided();
        var generator = new TokenGenerator(model);
        var choices = Gen.Choose(1, 3).Zip(Gen.Choose(0, 50)).Zip(Gen.Choose(0, 1)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithReplay(2409, 13931).WithMaxTest(25), Prop.ForAll(choices, choice =>
        {
            var (((rows, tokens), temperature), seed) = choice;
            var prompts = Prompts(rows, seed);
            var options = new GenerationOptions { MaximumTokens = tokens, Temperature = temperature, Seed = seed };

            var cached = generator.Generate(prompts, options);
            options.UseCache = false;
            var uncached = generator.Generate(prompts, options);

            Texts(cached).Should().BeEquivalentTo(Texts(uncached), o => o.WithStrictOrdering());
            cached.Select(c => c.Tokens.Count).Should().OnlyContain(count => count == tokens);
            cached.Select(c => c.Prompt).Should().BeEquivalentTo(prompts, o => o.WithStrictOrdering());
        }));
    }

    [Theory]
    [MemberData(nameof(Backbone.All), MemberType = typeof(Backbone))]
    public void A_row_of_a_batch_reads_as_if_it_were_alone(Backbone backbone)
    {
        using var model = backbone.CreateDecided();
        var generator = new TokenGenerator(model);
        var prompts = Prompts(4, 99);
        var options = new GenerationOptions { MaximumTokens = 40, StopTokens = [.. Enumerable.Range(0, 40)] }; // rows end at different times

        var together = generator.Generate(prompts, options);

        Texts(together).Should().BeEquivalentTo(prompts.Select(p => generator.Generate(p, options).Tokens), o => o.WithStrictOrdering());
        together.Select(c => c.Tokens.Count).Distinct().Count().Should().BeGreaterThan(1);
    }

    [Fact]
    public void Greedy_generation_follows_the_most_likely_token()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();

        var text = new TokenGenerator(model).Generate([1, 2, 3], new() { MaximumTokens = 3 });

        text.Tokens.Should().HaveCount(3);
        text.Tokens[0].Should().Be((int)model.call(tensor(new long[] { 1, 2, 3 }, [1, 3]))[0, -1].argmax().item<long>());
        text.Reason.Should().Be(StopReason.Length);
    }

    [Fact]
    public void Sampling_repeats_with_its_seed_and_rows_draw_numbers_of_their_own()
    {
        using var model = Tiny.Gpt();
        var generator = new TokenGenerator(model);
        var options = new GenerationOptions { MaximumTokens = 40, Temperature = 1, Seed = 3 };

        var one = generator.Generate([[1], [1]], options);
        var same = generator.Generate([[1], [1]], options);
        var alone = generator.Generate([1], options);
        options.Seed = 4;
        var other = generator.Generate([1], options);

        Texts(one).Should().BeEquivalentTo(Texts(same), o => o.WithStrictOrdering());
        one[0].Tokens.Should().Equal(alone.Tokens).And.NotEqual(one[1].Tokens).And.NotEqual(other.Tokens);
    }

    [Fact]
    public void A_stop_token_ends_its_row_and_is_no_part_of_it()
    {
        using var model = ChainModel.Counting(10);
        var generator = new TokenGenerator(model);
        var options = new GenerationOptions { StopTokens = [4, 7], MaximumTokens = 3 };

        var texts = generator.Generate([[3], [1], [5, 7], [8]], options);

        Texts(texts).Should().BeEquivalentTo(new int[][] { [], [2, 3], [8, 9, 0], [9, 0, 1] }, o => o.WithStrictOrdering());
        texts.Select(t => t.Reason).Should().Equal(StopReason.StopToken, StopReason.StopToken, StopReason.Length, StopReason.Length);
    }

    [Fact]
    public void Nothing_is_added_when_no_token_is_asked_for()
    {
        using var model = ChainModel.Counting(10);
        model.OnRead = () => throw new InvalidOperationException("nobody asked for this");

        var text = new TokenGenerator(model).Generate([3], new() { MaximumTokens = 0 });

        text.Tokens.Should().BeEmpty();
        text.Reason.Should().Be(StopReason.Length);
    }

    [Fact]
    public void A_full_block_is_halved_so_that_a_long_text_needs_few_full_readings()
    {
        using var model = ChainModel.Counting(10, blockSize: 8);
        var passes = 0;
        model.OnRead = () => passes++;

        var text = new TokenGenerator(model).Generate([.. Enumerable.Range(0, 8)], new() { MaximumTokens = 100 });

        text.Tokens.Should().Equal(Enumerable.Range(8, 100).Select(i => i % 10));
        passes.Should().Be(100, "moving the window adds no pass, it makes one of them longer");
    }

    [Fact]
    public void A_block_of_one_token_still_moves_on()
    {
        using var model = ChainModel.Counting(10, blockSize: 1);

        new TokenGenerator(model).Generate([7], new() { MaximumTokens = 5 }).Tokens.Should().Equal(8, 9, 0, 1, 2);
    }

    [Fact]
    public void Five_hundred_tokens_leave_no_tensors_behind()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        var generator = new TokenGenerator(moe);
        var before = LiveTensors.Count();

        generator.Generate(Prompts(2, 5), new() { MaximumTokens = 500, Temperature = 1, TopP = 0.9 });
        generator.Generate([1], new() { MaximumTokens = 20, TraceRouting = true });

        Tensor.TotalCount.Should().Be(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_model_evaluates_meanwhile_and_then_goes_on_as_before(bool training)
    {
        using var model = ChainModel.Counting(10);
        model.train(training);
        var modes = new List<bool>();
        model.OnRead = () => modes.Add(model.training || is_grad_enabled());

        new TokenGenerator(model).Generate([1], new() { MaximumTokens = 3 });
        model.OnRead = () => throw new InvalidOperationException("out of order");
        var failing = () => new TokenGenerator(model).Generate([1]);

        failing.Should().Throw<InvalidOperationException>().WithMessage("out of order");
        modes.Should().Equal(false, false, false);
        model.training.Should().Be(training);
    }

    [Fact]
    public void Several_threads_generate_with_one_model_as_if_each_were_alone()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        moe.Model.train();
        moe.Model.call(Tiny.Ids(1, 1, 4)).Dispose(); // leaves a routing decision that the first of them clears away
        var generator = new TokenGenerator(moe);
        var prompts = Prompts(8, 21);
        var options = new GenerationOptions { MaximumTokens = 60, Temperature = 1 };
        var alone = prompts.Select(p => generator.Generate(p, options).Tokens).ToList();

        var together = new IReadOnlyList<int>[prompts.Count];
        Parallel.For(0, prompts.Count, i => together[i] = generator.Generate(prompts[i], options).Tokens);

        together.Should().BeEquivalentTo(alone, o => o.WithStrictOrdering());
        moe.Model.training.Should().BeTrue();
    }

    [Fact]
    public void Everything_wrong_is_listed_at_once()
    {
        using var model = Tiny.Gpt();

        var act = () => new TokenGenerator(model).Generate(
            [[], [1, 256], [.. Enumerable.Repeat(1, 33)]],
            new() { MaximumTokens = -1, Temperature = double.NaN, TopK = 0, TopP = 0, StopTokens = [-1], TraceRouting = true });

        act.Should().Throw<ArgumentException>()
            .WithMessage("*MaximumTokens is -1*").WithMessage("*Temperature is NaN*").WithMessage("*TopK is 0*").WithMessage("*TopP is 0*").WithMessage("*stop token -1*")
            .WithMessage("*Prompt 0 is empty*").WithMessage("*Prompt 1 has the token 256*0 to 255*").WithMessage("*Prompt 2 has 33 tokens*at most 32*")
            .WithMessage("*TraceRouting is on*AddExperts*");
        model.Invoking(m => new TokenGenerator(m).Generate(prompts: [])).Should().Throw<ArgumentException>().WithMessage("*no prompt*");
    }

    private static List<int[]> Prompts(int rows, long seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, (int)random.NextInt64(32) + 1).Select(_ => (int)random.NextInt64(256)).ToArray())];
    }

    private static IEnumerable<IReadOnlyList<int>> Texts(IEnumerable<Continuation> continuations) => continuations.Select(c => c.Tokens);
}
