using CoMiGS.Parameters;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

public sealed class LanguageModelTests
{
    private const double Tolerance = 1e-5;

    // Always the same cases: once in a hundred runs the routers would see a tie that the rounding of the two paths decides differently.
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithReplay(2409, 13931);

    [Theory]
    [MemberData(nameof(Backbone.All), MemberType = typeof(Backbone))]
    public void Reading_in_pieces_gives_the_logits_of_reading_at_once(Backbone backbone)
    {
        using var model = backbone.Create();
        var choices = Gen.Choose(1, 3).Zip(Gen.Choose(1, 32)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary();

        Check.One(Cases.WithMaxTest(60), Prop.ForAll(choices, choice =>
        {
            var ((rows, length), seed) = choice;
            using var scope = NewDisposeScope();
            using var noGraph = inference_mode();
            using var cache = new KeyValueCache(model, rows, length);
            var random = new SeededRandom(new Seed(seed));
            var ids = Tiny.Ids(seed, rows, length);
            var whole = model.call(ids); // (B, T, V)
            for (var read = 0; read < length;)
            {
                var piece = (int)random.NextInt64(Math.Min(5, length - read)) + 1;
                var logits = model.forward(ids.narrow(1, read, piece), cache);
                Distance(logits, whole.narrow(1, read, piece)).Should().BeLessThan(Tolerance);
                read += piece;
            }

            cache.Lengths.Should().Equal(Enumerable.Repeat(length, rows));
        }));
    }

    [Theory]
    [MemberData(nameof(Backbone.All), MemberType = typeof(Backbone))]
    public void What_is_no_batch_of_known_tokens_is_refused(Backbone backbone)
    {
        using var model = backbone.Create();
        using var scope = NewDisposeScope();

        Reading(zeros(4, ScalarType.Int64)).Should().Throw<ArgumentException>().WithMessage("The input is Int64 [4]. Give token ids as int64 (B, T)*");
        Reading(zeros(1, 0, ScalarType.Int64)).Should().Throw<ArgumentException>().WithMessage("The input is Int64 [1, 0]. *");
        Reading(ones(1, 4)).Should().Throw<ArgumentException>().WithMessage("The input is Float32 [1, 4]. *");
        Reading(full(1, 4, model.VocabularySize, ScalarType.Int64)).Should().Throw<ArgumentException>()
            .WithMessage($"The input has tokens from {model.VocabularySize} to {model.VocabularySize}, but this model knows the ids 0 to {model.VocabularySize - 1}. Use the tokenizer of this model.*");
        Reading(full(1, 4, -1, ScalarType.Int64)).Should().Throw<ArgumentException>().WithMessage("The input has tokens from -1 to -1*");

        Action Reading(Tensor input) => () => model.call(input);
    }

    [Theory]
    [MemberData(nameof(Backbone.All), MemberType = typeof(Backbone))]
    public void Rows_of_different_lengths_read_as_if_each_were_alone(Backbone backbone)
    {
        using var model = backbone.Create();
        var choices = Gen.Choose(2, 4).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary();

        Check.One(Cases.WithMaxTest(40), Prop.ForAll(choices, choice =>
        {
            var (rows, seed) = choice;
            using var scope = NewDisposeScope();
            using var noGraph = inference_mode();
            using var cache = new KeyValueCache(model, rows);
            var random = new SeededRandom(new Seed(seed));
            var ids = Tiny.Ids(seed, rows, 32);
            while (cache.Lengths.Min() < 32)
            {
                var starts = cache.Lengths.ToArray();
                int[] counts = [.. starts.Select(s => (int)random.NextInt64(Math.Min(9, 33 - s)))];
                var input = Tiny.Ids(seed + 1, rows, 8); // whatever stands behind a row's own tokens must not matter
                for (var row = 0; row < rows; row++)
                {
                    input[row].narrow(0, 0, counts[row]).copy_(ids[row].narrow(0, starts[row], counts[row]));
                }

                var logits = model.Next(input, cache, counts); // (B, V)
                for (var row = 0; row < rows; row++)
                {
                    var length = starts[row] + counts[row];
                    cache.Lengths[row].Should().Be(length);
                    if (counts[row] > 0)
                    {
                        Distance(logits[row], model.call(ids.narrow(0, row, 1).narrow(1, 0, length))[0, -1]).Should().BeLessThan(Tolerance);
                    }
                }
            }
        }));
    }

    [Fact]
    public void A_cleared_row_reads_another_text_beside_the_old_ones()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        using var cache = new KeyValueCache(model, 2);
        var (first, second) = (Tiny.Ids(1, 2, 32), Tiny.Ids(2, 2, 10));
        model.Next(first, cache);

        cache.Clear(1);
        var logits = model.Next(second, cache, [0, 10]);

        cache.Lengths.Should().Equal(32, 10);
        Distance(logits[1], model.call(second.narrow(0, 1, 1))[0, -1]).Should().BeLessThan(Tolerance);
    }

    [Fact]
    public void A_pass_that_does_not_fit_is_refused_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        using var cache = new KeyValueCache(model, 2, 8);
        var ids = Tiny.Ids(3, 2, 8);
        model.Next(ids.narrow(1, 0, 6), cache, [6, 5]);

        model.Invoking(m => m.Next(ids.narrow(1, 0, 3), cache)).Should().Throw<ArgumentException>().WithMessage("Row 0 of the cache holds 6 of at most 8 tokens, so 3 more do not fit*up to 32*");
        model.Invoking(m => m.Next(ids, cache, [9, 0])).Should().Throw<ArgumentException>().WithMessage("Row 0 is said to have 9 tokens*Use 0 to 8*");
        model.Invoking(m => m.forward(ids.narrow(0, 0, 1), cache)).Should().Throw<ArgumentException>().WithMessage("*1 rows*the cache has 2 rows*");

        cache.Lengths.Should().Equal(6, 5);
        var next = model.forward(ids.narrow(1, 6, 2), cache);
        Distance(next[0], model.call(ids.narrow(0, 0, 1))[0].narrow(0, 6, 2)).Should().BeLessThan(Tolerance);
    }

    [Fact]
    public void A_cache_serves_only_the_model_it_was_made_for_and_no_more_tokens_than_that_reads()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        using var other = Tiny.Gpt();
        using var cache = new KeyValueCache(other);

        model.Invoking(m => m.forward(Tiny.Ids(1, 1, 4), cache)).Should().Throw<ArgumentException>().WithMessage("*another Gpt*");
        var act = () => new KeyValueCache(model, 1, 33);
        act.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*capacity is 33*1 to 32*");
    }

    [Fact]
    public void A_pass_with_a_cache_keeps_no_gradients_and_no_tensors()
    {
        using var model = Tiny.Gpt();
        using var cache = new KeyValueCache(model, 2);
        using var scope = NewDisposeScope();
        var ids = Tiny.Ids(5, 2, 1);
        using (var first = model.Next(ids, cache))
        {
            first.requires_grad.Should().BeFalse();
        }

        var before = LiveTensors.Count();
        for (var i = 1; i < 30; i++)
        {
            model.Next(ids, cache).Dispose();
        }

        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void Room_is_taken_once_and_given_back()
    {
        var before = LiveTensors.Count();
        int parameters;
        using (var model = Tiny.Gpt())
        using (var scope = NewDisposeScope())
        using (var cache = new KeyValueCache(model))
        {
            using (inference_mode())
            {
                model.Next(Tiny.Ids(5, 1, 3), cache);
            }

            model.Next(Tiny.Ids(6, 1, 3), cache); // not in inference mode any more
            cache.Lengths.Should().Equal(6);
            parameters = model.parameters().Count();
        }

        Tensor.TotalCount.Should().Be(before + LiveTensors.TooMany(parameters));
    }

    [Fact]
    public void Hooks_of_the_blocks_see_a_pass_with_a_cache()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        using var cache = new KeyValueCache(model);
        var seen = 0;
        var attention = (nn.Module<Tensor, AttentionPass, Tensor>)model.modules().First(m => m is CoMiGS.Layers.IAttention);
        attention.register_forward_hook((_, _, _, result) =>
        {
            seen++;
            return result;
        });

        model.Next(Tiny.Ids(5, 1, 3), cache);
        model.call(Tiny.Ids(5, 1, 3));

        seen.Should().Be(2);
    }

    private static double Distance(Tensor one, Tensor other) => (one - other).abs().max().item<float>();
}
