using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

public sealed class LlamaTests
{
    [Fact]
    public void Parameters_have_the_names_of_the_Hugging_Face_checkpoint()
    {
        using var model = Tiny.Llama();

        model.named_parameters().Select(p => p.name).Should().BeEquivalentTo(
        [
            "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight",
            .. from layer in new[] { 0, 1 }
               from name in new[] { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", "input_layernorm", "post_attention_layernorm" }
               select $"model.layers.{layer}.{name}.weight",
        ]);
    }

    [Fact]
    public void Biases_are_where_the_options_put_them_and_a_tied_head_has_no_weight()
    {
        using var model = Tiny.Llama(o => (o.QueryKeyValueBias, o.AttentionOutputBias, o.FeedForwardBias, o.TiedHead) = (true, true, true, true));

        var names = model.named_parameters().Select(p => p.name).ToList();

        names.Should().Contain([.. new[] { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj" }.Select(n => $"model.layers.1.{n}.bias")]);
        names.Should().NotContain("lm_head.weight");
    }

    [Fact]
    public void A_later_token_changes_no_earlier_prediction()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Llama();
        var ids = arange(12).reshape(1, 12);
        var changed = ids.clone();
        changed[0, 8] = tensor(200L);

        var difference = (model.call(ids) - model.call(changed)).abs().amax([0, 2]); // (T)

        difference[TensorIndex.Slice(0, 8)].max().item<float>().Should().BeLessThan(1e-6f);
        difference[8].item<float>().Should().BeGreaterThan(1e-4f);
    }

    [Fact]
    public void The_order_of_tokens_matters_though_no_position_is_embedded()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Llama();

        var one = model.call(tensor(new long[] { 1, 2, 3, 4 }, [1, 4]))[0, -1];
        var other = model.call(tensor(new long[] { 2, 1, 3, 4 }, [1, 4]))[0, -1];

        (one - other).abs().max().item<float>().Should().BeGreaterThan(1e-6f);
    }

    [Fact]
    public void Building_and_calling_a_model_leaves_no_tensor_behind()
    {
        var before = LiveTensors.Count();
        int parameters;
        using (var model = Tiny.Llama())
        using (NewDisposeScope())
        {
            model.call(arange(12).reshape(1, 12));
            parameters = model.parameters().Count();
        }

        Tensor.TotalCount.Should().Be(before + LiveTensors.TooMany(parameters));
    }

    [Fact]
    public void A_window_longer_than_the_block_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Llama();

        model.Invoking(m => m.call(zeros([1, 33], ScalarType.Int64))).Should().Throw<ArgumentException>().WithMessage("*33 tokens a row*at most 32*");
    }

    [Fact]
    public void Impossible_sizes_are_listed_together()
    {
        var act = () => Tiny.Llama(o =>
        {
            (o.Layers, o.Heads, o.KeyValueHeads, o.HeadWidth) = (0, 4, 3, 7);
            o.RopeScaling = new Llama3RopeScaling(0.5, 4, 1, 0);
        });

        act.Should().Throw<ArgumentException>().WithMessage("*Layers is 0*").WithMessage("*KeyValueHeads is 3, which 4 heads cannot share equally*").WithMessage("*A head is 7 wide*even*")
            .WithMessage("*factor is 0.5*").WithMessage("*4 (low) and 1 (high)*").WithMessage("*original window is 0*");
    }
}
