using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

public sealed class GptTests
{
    [Fact]
    public void Parameters_have_the_names_of_the_Hugging_Face_checkpoint()
    {
        using var model = Tiny.Gpt();

        model.named_parameters().Select(p => p.name).Should().Contain(["wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"]).And.Contain(
            [.. new[] { "ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight", "attn.c_proj.bias",
            "ln_2.weight", "ln_2.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias" }.Select(n => $"h.1.{n}")]).And.HaveCount(4 + 24);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var one = Tiny.Gpt();
        using var same = Tiny.Gpt();
        using var other = new Gpt(new() { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 2, Width = 16, Seed = 8 });

        Values(one).Should().Equal(Values(same)).And.NotEqual(Values(other));

        static float[] Values(Gpt model) => [.. model.parameters().SelectMany(p => p.detach().data<float>().ToArray())];
    }

    [Fact]
    public void A_later_token_changes_no_earlier_prediction()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        var ids = arange(12).reshape(1, 12);
        var changed = ids.clone();
        changed[0, 8] = tensor(200L);

        var difference = (model.call(ids) - model.call(changed)).abs().amax([0, 2]); // (T)

        difference[TensorIndex.Slice(0, 8)].max().item<float>().Should().BeLessThan(1e-6f);
        difference[8].item<float>().Should().BeGreaterThan(1e-4f);
    }

    [Fact]
    public void Rows_of_a_batch_do_not_see_each_other()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        var ids = arange(24).reshape(2, 12);

        var together = model.call(ids)[1];
        var alone = model.call(ids[TensorIndex.Slice(1, 2)])[0];

        (together - alone).abs().max().item<float>().Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void The_activation_is_the_tanh_form_of_GELU()
    {
        using var scope = NewDisposeScope();
        using var model = new Gpt(new() { VocabularySize = 8, BlockSize = 4, Layers = 1, Heads = 1, Width = 4 });
        var mlp = (CoMiGS.Layers.IFeedForward)model.modules().Single(m => m is CoMiGS.Layers.IFeedForward);
        var x = linspace(-5, 5, 101, ScalarType.Float64);

        var values = mlp.Combine([x]).data<double>().ToArray();

        var inputs = x.data<double>().ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            var u = Math.Sqrt(2 / Math.PI) * (inputs[i] + (0.044715 * Math.Pow(inputs[i], 3)));
            values[i].Should().BeApproximately(0.5 * inputs[i] * (1 + Math.Tanh(u)), 1e-7);
        }
    }

    [Fact]
    public void A_window_longer_than_the_block_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();

        model.Invoking(m => m.call(zeros([1, 33], ScalarType.Int64))).Should().Throw<ArgumentException>().WithMessage("*33 tokens a row*at most 32*");
    }

    [Fact]
    public void Impossible_sizes_are_listed_together()
    {
        var act = () => new Gpt(new() { Layers = 0, Heads = 3, Width = 16, Dropout = -1 });

        act.Should().Throw<ArgumentException>().WithMessage("*Layers is 0*").WithMessage("*Dropout is -1*").WithMessage("*Width is 16, which 3 heads cannot share*");
    }
}
