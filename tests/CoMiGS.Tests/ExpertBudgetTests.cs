using CoMiGS.Bench.StepMemory;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Tests.Models;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests;

public sealed class ExpertBudgetTests
{
    private const double Tolerance = 0.15;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, MemoryCase.Table.Count)];

    [LinuxTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Long")]
    public void The_formula_is_within_15_percent_of_the_measured_peak_of_real_steps(int number)
    {
        var figures = MemoryTable.Measure(MemoryCase.Table[number]);

        figures.Error.Should().BeInRange(-Tolerance, Tolerance, "{0} needs {1} bytes; predicted were {2}", MemoryCase.Table[number], figures.Measured, figures.Predicted);
    }

    [Theory]
    [InlineData(1, 0, null, 2)]
    [InlineData(1, 1, null, 2)]
    [InlineData(2, 5, 3, 0)]
    [InlineData(0, 4, 1, 4)]
    public void Parameters_are_counted_as_they_are(int generalists, int specialists, int? topK, int attentionRank)
    {
        var options = new ExpertOptions { Generalists = generalists, Specialists = specialists, TopK = topK, Rank = 3, AttentionRank = attentionRank };
        using var bare = Tiny.Gpt();
        var memory = ExpertBudget.For(bare, options, 2, Tiny.Window).Memory(specialists);
        memory.Base.Should().Be(4 * bare.parameters().Sum(p => p.numel()));

        using var moe = Tiny.Moe(options);

        memory.Trained.Should().Be(16 * moe.Parameters.Sum(p => p.Value.numel()), "value, gradient and two moments of four bytes each");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void Experts_beside_single_layers_are_counted_as_they_are(int specialists, int? topK)
    {
        var options = new ExpertOptions { Specialists = specialists, TopK = topK, Rank = 3, TargetModules = ["c_fc", "attn.c_attn"], AttentionRank = 2 };
        using var bare = Tiny.Gpt();
        var memory = ExpertBudget.For(bare, options, 2, Tiny.Window).Memory(specialists);

        using var moe = Tiny.Moe(options);

        memory.Trained.Should().Be(16 * moe.Parameters.Sum(p => p.Value.numel()));
        const int tokens = 2 * Tiny.Window, d = 16, f = 64;
        var (n, k, learnt) = (1 + specialists, topK ?? 1, specialists > 0);
        var kept = new[] { (In: d, Out: 3 * d), (In: d, Out: f) }.Sum(l =>
            l.In + (3 * n) + (k < n ? k * (l.In + 3 + (learnt ? l.Out : 0) + 3) : n * (3 + (learnt ? l.Out : 0))));
        var backbone = ExpertBudget.For(bare, new ExpertOptions { TargetModules = ["c_fc"], AttentionRank = 0, Specialists = 0, Rank = 1 }, 2, Tiny.Window).Memory(0).Kept - (4 * 2 * tokens * (d + 3 + 1));
        memory.Kept.Should().Be(backbone + (4 * 2 * tokens * (kept + d + 2)), "the other attention projection has an adapter");
    }

    [Fact]
    public void Activations_are_those_of_a_count_by_hand()
    {
        using var model = Tiny.Gpt(); // 2 layers, d = 16, f = 64, 2 heads, V = 256
        var composed = ExpertBudget.For(model, new ExpertOptions { Rank = 4, AttentionRank = 4, UseKernel = false }, batch: 2, window: 8);
        var fused = ExpertBudget.For(model, new ExpertOptions { Rank = 4, AttentionRank = 4 }, batch: 2, window: 8);

        const int tokens = 16, d = 16, f = 64, rank = 4;
        const int backbone = (2 * ((tokens * 5 * d) + (2 * 2 * 8 * 8))) + (8 * 8 / 4) + (tokens * d);
        const int attention = 2 * tokens * (d + rank + d + rank);
        const int all = tokens * (d + (2 * ((5 * f) + (2 * rank))) + (3 * 2)); // both experts on all tokens
        const int two = tokens * ((2 * ((5 * f) + (2 * rank) + (2 * d) + 3)) + (3 * 4)); // two of four
        composed.Memory(1).Kept.Should().Be(4 * (backbone + attention + (2 * all)));
        composed.Memory(3).Kept.Should().Be(4 * (backbone + attention + (2 * two)));
        fused.Memory(3).Kept.Should().Be(4 * (backbone + attention + (2 * ((tokens * (d + f + (4 * 2 * rank) + (3 * 4))) + (4 * 2 * rank * d)))));
        composed.Memory(1).Workspace.Should().Be(4 * tokens * ((4 * f) + (4 * rank) + (5 * d) + (2 * d)), "here a block needs most, at its end");
    }

    [Fact]
    public void Over_a_large_vocabulary_the_loss_needs_most()
    {
        const int tokens = 16, d = 16, vocabulary = 4096;
        using var model = new Gpt(new() { VocabularySize = vocabulary, BlockSize = 8, Layers = 1, Heads = 1, Width = d });

        var budget = ExpertBudget.For(model, new ExpertOptions(), batch: 2, window: 8);

        budget.Memory(1).Workspace.Should().Be(4 * ((tokens * vocabulary) + (2 * tokens * d)), "logits once, and the gradient of the hidden states");
    }

    [Fact]
    public void With_two_of_n_experts_only_the_adapters_grow_with_n()
    {
        using var model = Tiny.Gpt();
        var budget = ExpertBudget.For(model, new ExpertOptions { TopK = 2, UseKernel = false }, 2, Tiny.Window);

        var (few, many) = (budget.Memory(3), budget.Memory(63));

        many.Trained.Should().BeGreaterThan(10 * few.Trained);
        ((double)many.Kept / few.Kept).Should().BeLessThan(1.3, "a token keeps its two experts, and a routing weight for each of the others");
    }

    [Fact]
    public void A_fused_block_keeps_no_expert_s_hidden_state()
    {
        using var model = Tiny.Gpt(); // d = 16, f = 64
        var budget = ExpertBudget.For(model, new ExpertOptions { TopK = 8, Rank = 1 }, 2, Tiny.Window);
        var composed = ExpertBudget.For(model, new ExpertOptions { TopK = 8, Rank = 1, UseKernel = false }, 2, Tiny.Window);

        ((double)budget.Memory(7).Kept / composed.Memory(7).Kept).Should().BeLessThan(0.2);
    }

    [Fact]
    public void The_largest_number_is_the_one_whose_bytes_still_fit()
    {
        using var model = Tiny.Gpt();
        var choices = Gen.Choose(1, 200).Zip(Gen.Choose(0, 3)).ToArbitrary();

        Prop.ForAll(choices, choice =>
        {
            var (specialists, topK) = choice;
            var budget = ExpertBudget.For(model, new ExpertOptions { TopK = topK == 0 ? null : topK }, 4, Tiny.Window);
            specialists = Math.Max(specialists, topK + 1);
            return budget.LargestSpecialists(budget.Bytes(specialists)) == specialists
                && budget.LargestSpecialists(budget.Bytes(specialists) - 1) == specialists - 1;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_budget_that_is_too_small_is_refused_with_what_is_needed()
    {
        using var model = Tiny.Gpt();
        var budget = ExpertBudget.For(model, new ExpertOptions(), 2, Tiny.Window);

        budget.Invoking(b => b.LargestSpecialists(1000)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"The budget is 1000 bytes, but Gpt with 1 generalists and 0 specialists, a batch of 2 and a window of {Tiny.Window} needs {budget.Bytes(0)} bytes (*base model*experts*)*Raise the budget*");
    }

    [Fact]
    public void The_fewest_are_as_many_as_the_router_takes()
    {
        using var model = Tiny.Gpt();
        var budget = ExpertBudget.For(model, new ExpertOptions { TopK = 4 }, 2, Tiny.Window);

        budget.LargestSpecialists(budget.Bytes(3)).Should().Be(3);
        budget.Invoking(b => b.LargestSpecialists(budget.Bytes(3) - 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*3 specialists*");
        budget.Invoking(b => b.Bytes(2)).Should().Throw<ArgumentException>().WithMessage("*TopK is 4, but the block has 3 experts*");
    }

    [Fact]
    public void Models_that_cannot_be_counted_are_refused_with_what_to_do()
    {
        using var adapted = Tiny.Moe();
        using var other = nn.Sequential(nn.Linear(2, 2));
        using var bare = Tiny.Gpt();

        Budget(adapted.Model, 8).Should().Throw<ArgumentException>().WithMessage("*Gpt has experts or adapters already*bare base model*");
        Budget(other, 8).Should().Throw<ArgumentException>().WithMessage("*Sequential does not tell*IActivationMemory*");
        Budget(bare, 33).Should().Throw<ArgumentException>().WithMessage("*window is 33*at most 32*");

        static Action Budget(nn.Module<Tensor, Tensor> model, int window) => () => ExpertBudget.For(model, new ExpertOptions(), 2, window);
    }

    [Fact]
    public void Asking_changes_neither_model_nor_options()
    {
        using var model = Tiny.Gpt();
        var options = new ExpertOptions { Specialists = 5 };

        ExpertBudget.For(model, options, 2, Tiny.Window).Bytes(9);

        options.Specialists.Should().Be(5);
        using var moe = model.AddExperts(options);
        moe.Layout.Specialists.Should().Be(5);
    }
}
