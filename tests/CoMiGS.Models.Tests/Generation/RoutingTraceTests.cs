using CoMiGS.Models.Generation;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests.Generation;

public sealed class RoutingTraceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_trace_has_the_weights_of_every_token_of_prompt_and_text_in_every_layer(bool useCache)
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        int[][] prompts = [[1, 2, 3, 4, 5, 6], [9]];

        var texts = new TokenGenerator(moe).Generate(prompts, new() { MaximumTokens = 12, UseCache = useCache, TraceRouting = true });

        foreach (var text in texts)
        {
            int[] all = [.. text.Prompt, .. text.Tokens];
            using var recording = moe.RecordRouting(keepTokens: true);
            using (inference_mode())
            {
                moe.Model.call(tensor(all.Select(id => (long)id).ToArray(), [1, all.Length])).Dispose();
            }

            text.Routing!.Tokens.Should().Be(all.Length);
            text.Routing.Layers.Should().Equal("h.0.mlp", "h.1.mlp");
            for (var token = 0; token < all.Length; token++)
            {
                for (var layer = 0; layer < 2; layer++)
                {
                    text.Routing[token, layer].Should().HaveCount(3).And.BeEquivalentTo(
                        recording.Layers[layer].Gates[token], o => o.WithStrictOrdering().Using<float>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-5f)).WhenTypeIs<float>());
                }
            }
        }
    }

    [Fact]
    public void A_trace_stays_whole_when_the_text_outgrows_the_block_or_ends_early()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        var generator = new TokenGenerator(moe);

        var text = generator.Generate([1, 2], new() { MaximumTokens = 70, Temperature = 1, TraceRouting = true });
        var stopped = generator.Generate([1, 2], new() { MaximumTokens = 70, Temperature = 1, StopTokens = [text.Tokens[5]], TraceRouting = true });
        var read = generator.Generate([1, 2], new() { MaximumTokens = 0, TraceRouting = true });

        text.Routing!.Tokens.Should().Be(72);
        stopped.Routing!.Tokens.Should().Be(2 + stopped.Tokens.Count);
        stopped.Reason.Should().Be(StopReason.StopToken);
        read.Routing!.Tokens.Should().Be(2);
        read.Routing[1, 1].Should().Equal(text.Routing[1, 1]);
    }

    [Fact]
    public async Task Tracing_is_refused_while_another_generation_is_under_way_and_the_other_way_round()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        var generator = new TokenGenerator(moe);
        var tracing = new GenerationOptions { MaximumTokens = 2, TraceRouting = true };

        await using (var stream = generator.Stream([1]).GetAsyncEnumerator())
        {
            await stream.MoveNextAsync();
            generator.Invoking(g => g.Generate([1], tracing)).Should().Throw<InvalidOperationException>().WithMessage("Another generation*TraceRouting*");
        }

        Exception? refused = null;
        var model = (LanguageModel)moe.Model;
        model.modules().OfType<nn.Module<Tensor, Tensor>>().First(m => m is CoMiGS.Layers.MoeFeedForward).register_forward_hook((_, _, result) =>
        {
            refused ??= ((Action)(() => generator.Generate([1]))).Should().Throw<InvalidOperationException>().Which;
            return result;
        });
        generator.Generate([1], tracing).Routing!.Tokens.Should().Be(3);
        refused!.Message.Should().Contain("traces the routing");
    }

    [Fact]
    public void A_stream_and_a_model_without_experts_have_no_trace()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        using var bare = Tiny.Gpt();
        var tracing = new GenerationOptions { TraceRouting = true };

        new TokenGenerator(moe).Invoking(g => g.Stream([1], tracing)).Should().Throw<ArgumentException>().WithMessage("*Use Generate*");
        new TokenGenerator(bare).Invoking(g => g.Generate([1], tracing)).Should().Throw<ArgumentException>().WithMessage("*MoeModel*");
        new TokenGenerator(moe).Generate([1], new() { MaximumTokens = 1 }).Routing.Should().BeNull();
    }
}
