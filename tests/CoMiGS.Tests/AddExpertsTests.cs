using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests;

public sealed class AddExpertsTests
{
    [Fact]
    public void Top_k_larger_than_n_is_refused_with_the_counts()
    {
        using var model = Tiny.Gpt();

        var act = () => model.AddExperts(new ExpertOptions { TopK = 4 });

        act.Should().Throw<ArgumentException>().WithMessage("*TopK is 4, but the block has 2 experts (1 generalist + 1 specialist). Use TopK 1 or 2, or add specialists.*");
    }

    [Fact]
    public void All_violations_are_listed_at_once()
    {
        using var model = Tiny.Gpt();

        var act = () => model.AddExperts(new ExpertOptions { Rank = 0, Alpha = -1, Dropout = 1, TopK = 9, LoadBalance = -2 });

        act.Should().Throw<ArgumentException>()
            .WithMessage("*Rank is 0*").WithMessage("*Alpha is -1*").WithMessage("*Dropout is 1*").WithMessage("*TopK is 9*").WithMessage("*LoadBalance is -2*");
    }

    [Fact]
    public void Refused_options_leave_the_model_as_it_was()
    {
        using var model = Tiny.Gpt();

        model.Invoking(m => m.AddExperts(new ExpertOptions { Rank = 0 })).Should().Throw<ArgumentException>();

        model.parameters().Should().OnlyContain(p => p.requires_grad);
        model.AddExperts().Blocks.Should().HaveCount(2);
    }

    [Fact]
    public void No_expert_at_all_is_refused()
    {
        using var model = Tiny.Gpt();

        model.Invoking(m => m.AddExperts(new ExpertOptions { Generalists = 0, Specialists = 0 }))
            .Should().Throw<ArgumentException>().WithMessage("*The block has 0 experts (0 generalists + 0 specialists)*");
    }

    [Fact]
    public void Experts_are_added_once()
    {
        using var moe = Tiny.Moe();

        moe.Model.Invoking(m => m.AddExperts()).Should().Throw<InvalidOperationException>().WithMessage("*has experts or adapters already*");
    }

    [Fact]
    public void A_model_without_feed_forwards_is_refused()
    {
        using var model = nn.Linear(3, 3);

        model.Invoking(m => m.AddExperts()).Should().Throw<InvalidOperationException>().WithMessage("*no feed-forward*IFeedForward*");
    }

    [Fact]
    public void Attention_adapters_have_a_rank_of_their_own_and_can_be_left_out()
    {
        using var own = Tiny.Moe(new ExpertOptions { Rank = 2, AttentionRank = 5 });
        using var without = Tiny.Moe(new ExpertOptions { AttentionRank = 0 });

        own.AdapterGroups().Single(g => g.Name == "attention").Adapters.Should().OnlyContain(a => a.Adapter.Config.Rank == 5);
        own.AdapterGroups().Single(g => g.Name == "generalist-0").Adapters.Should().OnlyContain(a => a.Adapter.Config.Rank == 2);
        without.AdapterGroups().Select(g => g.Name).Should().Equal("generalist-0", "specialist-0");
    }

    [Theory]
    [InlineData(2, 2, 0.5, true)]
    [InlineData(2, 2, 0.9, false)]
    [InlineData(2, 1, 0.5, false)]
    [InlineData(4, 2, 0.5, false)]
    [InlineData(3, 3, 0.0, true)]
    public void A_balance_loss_that_trains_nothing_is_warned_of(int experts, int topK, double share, bool warned)
    {
        var log = new ListLogger();
        using var moe = Tiny.Gpt().AddExperts(new ExpertOptions { Specialists = experts - 1, TopK = topK, GeneralistShare = share }, log);

        log.Warnings.Any(w => w.Contains("balance loss is constant", StringComparison.Ordinal)).Should().Be(warned);
    }

    [Fact]
    public void A_single_expert_needs_no_router()
    {
        using var moe = Tiny.Moe(new ExpertOptions { Specialists = 0 });

        moe.RouterParameters().Should().BeEmpty();
        moe.Layout.TopK.Should().Be(1);
    }

    [Fact]
    public void A_model_without_attention_gets_no_attention_adapters()
    {
        using var model = new FeedForwardOnly();
        using var moe = model.AddExperts(new ExpertOptions { AttentionRank = 8 });

        moe.Layout.Attention.Should().BeNull();
        moe.AdapterGroups().Select(g => g.Name).Should().Equal("generalist-0", "specialist-0");
    }

    [Fact]
    public void Over_a_bfloat16_base_adapters_and_their_training_stay_in_float32()
    {
        using var moe = Tiny.Gpt().to(ScalarType.BFloat16).AddExperts(new ExpertOptions { Specialists = 2, TopK = 2 });
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 2, Window = Tiny.Window });

        var report = trainer.Train(3);

        moe.Parameters.Should().OnlyContain(p => p.Value.dtype == ScalarType.Float32);
        moe.Parameters.Where(p => p.Name.EndsWith("lora_B", StringComparison.Ordinal)).Should().OnlyContain(p => p.Value.abs().sum().item<float>() > 0);
        report.Loss.Should().BeInRange(5, 6); // ln 256 = 5.545
    }

    [Fact]
    public void A_field_that_cannot_hold_the_block_is_named()
    {
        using var model = new SealedField();

        model.Invoking(m => m.AddExperts()).Should().Throw<InvalidOperationException>().WithMessage("*mlp*typed PlainFeedForward*Module<Tensor, Tensor>*");
    }

    private sealed class FeedForwardOnly : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> mlp = new PlainFeedForward(4, 8);

        public FeedForwardOnly()
            : base(nameof(FeedForwardOnly)) => RegisterComponents();

        public override Tensor forward(Tensor input) => mlp.call(input);
    }

    private sealed class SealedField : nn.Module<Tensor, Tensor>
    {
        private readonly PlainFeedForward mlp = new(4, 8);

        public SealedField()
            : base(nameof(SealedField)) => RegisterComponents();

        public override Tensor forward(Tensor input) => mlp.call(input);
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
