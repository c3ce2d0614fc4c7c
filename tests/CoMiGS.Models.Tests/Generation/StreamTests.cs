using CoMiGS.Models.Generation;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests.Generation;

public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_hands_out_the_tokens_of_Generate_row_by_row()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());
        var generator = new TokenGenerator(moe);
        var options = new GenerationOptions { MaximumTokens = 20, Temperature = 1, StopTokens = [3, 4, 5, 6] };
        int[][] prompts = [[1, 2], [7]];

        var tokens = await generator.Stream(prompts, options).ToListAsync();

        var texts = generator.Generate(prompts, options);
        for (var row = 0; row < 2; row++)
        {
            tokens.Where(t => t.Row == row).Select(t => t.Id).Should().Equal(texts[row].Tokens);
        }
    }

    [Fact]
    public async Task Every_token_comes_as_soon_as_it_is_chosen()
    {
        using var model = ChainModel.Counting(10);
        var passes = 0;
        model.OnRead = () => passes++;
        var seen = new List<(int Id, int Passes)>();

        await foreach (var token in new TokenGenerator(model).Stream([1], new() { MaximumTokens = 3 }))
        {
            seen.Add((token.Id, passes));
        }

        seen.Should().Equal((2, 1), (3, 2), (4, 3));
    }

    [Fact]
    public async Task Cancelling_in_the_middle_ends_the_stream_and_leaves_the_model_as_it_was()
    {
        using var model = Tiny.Gpt();
        model.train();
        using var cancellation = new CancellationTokenSource();
        var before = LiveTensors.Count();
        var tokens = new List<int>();

        var act = async () =>
        {
            await foreach (var token in new TokenGenerator(model).Stream([1, 2, 3], new() { MaximumTokens = 1000 }, cancellation.Token))
            {
                tokens.Add(token.Id);
                if (tokens.Count == 5)
                {
                    await cancellation.CancelAsync();
                }
            }
        };

        await act.Should().ThrowAsync<OperationCanceledException>();
        tokens.Should().HaveCount(5);
        model.training.Should().BeTrue();
        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public async Task The_token_given_to_the_enumeration_cancels_too()
    {
        using var model = Tiny.Gpt();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var act = async () => await new TokenGenerator(model).Stream([1]).ToListAsync(cancellation.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void Generate_is_cancelled_between_two_tokens()
    {
        using var model = ChainModel.Counting(10);
        using var cancellation = new CancellationTokenSource();
        var passes = 0;
        model.OnRead = () =>
        {
            if (++passes == 4)
            {
                cancellation.Cancel();
            }
        };

        var act = () => new TokenGenerator(model).Generate([1], new() { MaximumTokens = 1000 }, cancellation.Token);

        act.Should().Throw<OperationCanceledException>();
        passes.Should().Be(4);
    }

    [Fact]
    public async Task Leaving_a_stream_early_frees_what_it_held()
    {
        using var model = Tiny.Gpt();
        model.train();
        var before = LiveTensors.Count();

        await foreach (var token in new TokenGenerator(model).Stream([1, 2, 3], new() { MaximumTokens = 1000 }))
        {
            token.Row.Should().Be(0);
            model.training.Should().BeFalse();
            break;
        }

        model.training.Should().BeTrue();
        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void A_stream_that_nobody_enumerates_runs_nothing_but_is_checked()
    {
        using var model = ChainModel.Counting(10);
        model.train();
        var generator = new TokenGenerator(model);

        generator.Stream([1]);

        model.training.Should().BeTrue();
        generator.Invoking(g => g.Stream([10])).Should().Throw<ArgumentException>().WithMessage("*the token 10*");
    }

    [Fact]
    public async Task Two_streams_at_once_keep_the_model_evaluating_until_the_last_one_ends()
    {
        using var model = Tiny.Gpt();
        model.train();
        var generator = new TokenGenerator(model);
        var options = new GenerationOptions { MaximumTokens = 10, Temperature = 1 };
        var alone = generator.Generate([5], options);

        await using (var first = generator.Stream([5], options).GetAsyncEnumerator())
        {
            await first.MoveNextAsync();
            var second = await generator.Stream([5], options).ToListAsync();
            model.training.Should().BeFalse("the first stream is still under way");
            second.Select(t => t.Id).Should().Equal(alone.Tokens);
            first.Current.Id.Should().Be(alone.Tokens[0]);
            await first.MoveNextAsync();
            first.Current.Id.Should().Be(alone.Tokens[1]);
        }

        model.training.Should().BeTrue();
    }

    [Fact]
    public async Task Experts_are_not_exchanged_in_the_middle_of_a_text()
    {
        var folder = Directory.CreateTempSubdirectory("comigs").FullName;
        try
        {
            using var moe = Tiny.WithExperts(Tiny.Gpt());
            moe.Save(folder);
            var generator = new TokenGenerator(moe);

            var stream = generator.Stream([5], new() { MaximumTokens = 3 }).GetAsyncEnumerator();
            await stream.MoveNextAsync();
            var swap = moe.SwapAsync(folder);
            await stream.MoveNextAsync();
            swap.IsCompleted.Should().BeFalse("the text is not finished");
            await stream.DisposeAsync();

            await swap;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
