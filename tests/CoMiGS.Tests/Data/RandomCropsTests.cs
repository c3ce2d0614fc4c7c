using CoMiGS.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Data;

public sealed class RandomCropsTests
{
    private static readonly TextBytes Source = TextBytes.From(string.Concat(Enumerable.Range(0, 100).Select(i => (char)('!' + (i % 90)))), "text");

    [Fact]
    public void Targets_are_the_inputs_one_token_later()
    {
        using var scope = NewDisposeScope();

        var batch = new RandomCrops(Source, 5, 8, 1).NextBatch();

        batch.Inputs.shape.Should().Equal(5, 8);
        batch.Inputs[TensorIndex.Colon, TensorIndex.Slice(1)].Equals(batch.Targets[TensorIndex.Colon, TensorIndex.Slice(0, 7)]).Should().BeTrue();
    }

    [Fact]
    public void Setting_the_cursor_repeats_the_rest_of_the_order()
    {
        var crops = new RandomCrops(Source, 3, 8, 1);
        var starts = Enumerable.Range(0, 5).Select(i => crops.Starts(i)).ToList();
        crops.Cursor = 3;

        using var scope = NewDisposeScope();
        crops.NextBatch();

        crops.Cursor.Should().Be(4);
        crops.Starts(3).Should().Equal(starts[3]);
        starts.Select(s => string.Join(",", s)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Every_start_occurs_also_the_first_and_the_last()
    {
        var crops = new RandomCrops(Source, 50, 95, 1);

        var starts = Enumerable.Range(0, 20).SelectMany(i => crops.Starts(i)).Distinct();

        starts.Should().BeEquivalentTo([0L, 1, 2, 3, 4]);
    }

    [Fact]
    public void A_split_of_exactly_one_window_works_and_one_token_less_is_refused()
    {
        new RandomCrops(Source, 1, 99, 1).Starts(0).Should().Equal(0);

        var act = () => new RandomCrops(Source, 1, 100, 1);

        act.Should().Throw<SplitTooShortException>().WithMessage("*'text' has 100 tokens, but at least 101 are needed*");
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused_with_its_place()
    {
        using var scope = NewDisposeScope();
        var crops = new RandomCrops(TextBytes.From("abcz", "train"), 1, 3, 1, vocabularySize: 'd');

        crops.Invoking(c => c.NextBatch()).Should().Throw<TokenOutsideVocabularyException>().WithMessage("*Token 3 of 'train' is 122, but the model knows the ids 0 to 99*");
    }
}
