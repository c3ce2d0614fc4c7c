namespace CoMiGS.Torch.Tests.Tensors;

public sealed class RandomTests
{
    [Fact]
    public void Numbers_are_those_of_PyTorch_for_the_same_seed()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);

        // The figures of PyTorch's documentation for torch.manual_seed(1); torch.rand(4).
        Numbers.ShouldBe(rand(4), [0.7576, 0.2793, 0.4031, 0.7347], 5e-5);
    }

    [Fact]
    public void A_generator_repeats_its_sequence_and_leaves_the_default_one_alone()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var expected = Numbers.Of(rand(3));
        manual_seed(7);
        using var generator = new Generator(42);
        var first = Numbers.Of(randn(5, generator: generator));
        generator.manual_seed(42);
        var state = generator.get_state();
        Numbers.Of(randn(5, generator: generator)).Should().Equal(first);
        generator.set_state(state);
        Numbers.Of(zeros(5).normal_(generator: generator)).Should().Equal(first);
        Numbers.Of(rand(3)).Should().Equal(expected);
    }

    [Fact]
    public void Draws_stay_in_their_ranges()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Numbers.Of(randint(2, 5, [1000])).Distinct().Order().Should().Equal(2, 3, 4);
        Numbers.Of(randperm(10)).Order().Should().Equal(Enumerable.Range(0, 10).Select(i => (double)i));
        Numbers.Of(zeros(1000).uniform_(-2, 3)).Should().OnlyContain(v => v >= -2 && v < 3);
        Numbers.Of(zeros(10_000).bernoulli_(0.3)).Average().Should().BeApproximately(0.3, 0.03);
        Numbers.Of(Numbers.Vector(0, 1, 3).multinomial(4000, replacement: true)).Average().Should().BeApproximately(1.75, 0.05);
        Numbers.Of(randn(10_000)).Average().Should().BeApproximately(0, 0.05);
    }
}
