using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests;

public sealed class RemoveExpertsTests
{
    public static TheoryData<string> Ways => [.. Cases.Keys];

    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Model, Func<ExpertOptions> Options)> Cases = new()
    {
        ["feed-forwards of the library's own model"] = (Tiny.Gpt, () => new ExpertOptions { Specialists = 2, TopK = 2 }),
        ["feed-forwards of a foreign model"] = (() => new Foreign(), () => new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, nn.functional.gelu, m.drop.call))),
        ["single layers of a foreign model"] = (() => new Foreign(), () => new ExpertOptions { TargetModules = "all-linear", Specialists = 3 }),
        ["layers and attention of the library's own model"] = (Tiny.Gpt, () => new ExpertOptions { TargetModules = ["c_fc"] }),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void After_training_the_model_is_what_it_was_to_the_last_bit(string way)
    {
        using var model = Cases[way].Model();
        var before = State.Of(model);
        var tensors = LiveTensors.Count();
        var moe = model.AddExperts(Cases[way].Options());
        using (var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 2, Window = Tiny.Window, RouterEvery = 2, RouterSteps = 1 }))
        {
            trainer.Train(4);
        }

        var made = LiveTensors.TooMany(moe.Parameters.Count);
        State.Of(model).Output.Should().NotEqual(before.Output, "training has changed the model");
        model.train(before.Training);

        moe.RemoveExperts().Should().BeSameAs(model);

        State.Of(model).Should().BeEquivalentTo(before, o => o.WithStrictOrdering());
        Tensor.TotalCount.Should().Be(tensors + made, "the experts are freed");
        model.modules().Should().NotContain(m => m is ExpertMixture);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Experts_can_be_added_again_and_are_those_a_bare_model_gets(string way)
    {
        using var model = Cases[way].Model();
        using var other = Cases[way].Model();
        var fingerprint = model.AddExperts(Cases[way].Options());
        fingerprint.RemoveExperts();

        using var again = model.AddExperts(Cases[way].Options());
        using var first = other.AddExperts(Cases[way].Options());

        again.BaseFingerprint.Should().Be(first.BaseFingerprint);
        again.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray()).Should().Equal(first.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray()));
        State.Of(model).Should().BeEquivalentTo(State.Of(other), o => o.WithStrictOrdering());
    }

    [Fact]
    public void Flags_and_modes_come_back_as_they_were_even_after_a_move()
    {
        using var model = new Foreign();
        var frozen = model.parameters().First();
        frozen.requires_grad = false;
        model.eval();
        model.modules().OfType<ForeignMlp>().First().train();
        var before = State.Of(model);

        var moe = model.AddExperts(new ExpertOptions { TargetModules = ["fc1"] });
        moe.Parameters.Should().OnlyContain(p => p.Value.requires_grad);
        model.to(ScalarType.Float64);
        moe.RemoveExperts();

        var after = State.Of(model.to(ScalarType.Float32));
        after.Flags.Should().Equal(before.Flags);
        after.Modes.Should().Equal(before.Modes);
        after.Names.Should().Equal(before.Names);
    }

    [Fact]
    public void The_handle_is_of_no_use_afterwards_and_does_not_dispose_the_model()
    {
        using var scope = NewDisposeScope();
        using var model = new Foreign();
        var moe = model.AddExperts(new ExpertOptions { TargetModules = ["fc1"] });
        moe.RemoveExperts();

        moe.Invoking(m => m.RemoveExperts()).Should().Throw<ObjectDisposedException>().WithMessage("*experts were removed*AddExperts*");
        moe.Invoking(m => m.Parameters).Should().Throw<ObjectDisposedException>();
        moe.Invoking(m => m.BalanceLoss()).Should().Throw<ObjectDisposedException>();
        moe.Invoking(m => m.RecordRouting()).Should().Throw<ObjectDisposedException>();
        moe.Dispose();
        model.call(zeros([1, 3], ScalarType.Int64)).shape.Should().Equal(1, 3, Foreign.Vocabulary);
    }

    private sealed record State(float[] Output, string[] Names, bool[] Flags, bool[] Modes, bool Training)
    {
        public static State Of(nn.Module<Tensor, Tensor> model)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var output = model.call(arange(24).reshape(2, 12) * 3).to(ScalarType.Float32).data<float>().ToArray();
            return new(
                output,
                [.. model.named_parameters().Select(p => p.name), .. model.named_modules().Select(m => $"{m.name}: {m.module.GetType().Name}"), .. model.state_dict().Keys],
                [.. model.parameters().Select(p => p.requires_grad)],
                [.. model.modules().Select(m => m.training)],
                model.training);
        }
    }
}
