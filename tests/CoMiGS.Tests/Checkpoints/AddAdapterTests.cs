using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class AddAdapterTests : IDisposable
{
    private static readonly long[] Ids = [.. Enumerable.Range(0, Tiny.Window).Select(i => (long)((i * 41) % 256))];

    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Every_layer_of_the_file_gets_its_own_rank_and_scale_and_all_can_be_merged_or_removed()
    {
        Mixed().Write(_root);
        var expected = Output(ByHand());
        var bare = Output(Tiny.Gpt());

        using var attached = Tiny.Gpt().AddAdapter(_root);
        (Output(attached.Model) - expected).abs().max().ToDouble().Should().BeLessThan(1e-5);
        attached.AdapterGroups().Single().Adapters.Select(a => a.Adapter.Config.Rank).Should().Equal(2, 4, 3);

        (Output(attached.RemoveExperts()) - bare).abs().max().ToDouble().Should().Be(0);
        using var again = ((nn.Module<Tensor, Tensor>)attached.Model).AddAdapter(_root);
        (Output(again.MergeIntoBase()) - expected).abs().max().ToDouble().Should().BeLessThan(1e-5);
    }

    [Fact]
    public void What_is_attached_is_saved_with_patterns_and_read_again()
    {
        Mixed().Write(Path.Combine(_root, "peft"));
        using var attached = Tiny.Gpt().AddAdapter(Path.Combine(_root, "peft"));
        attached.Save(Path.Combine(_root, "own"));

        var layers = new[] { ("transformer.h.0.attn.c_attn", 16L, 48L), ("transformer.h.0.attn.c_proj", 16L, 16L), ("transformer.h.1.attn.c_attn", 16L, 48L), ("transformer.h.0.mlp.c_fc", 16L, 64L), ("transformer.h.1.mlp.c_proj", 64L, 16L) };
        PeftRules.Load(Path.Combine(_root, "own", "specialist-0"), layers, conv1d: true).Should().HaveCount(3);
        using var again = Tiny.Gpt().AddAdapter(Path.Combine(_root, "own", "specialist-0"));

        (Output(again.Model) - Output(attached.Model)).abs().max().ToDouble().Should().Be(0);
    }

    [Fact]
    public void Names_of_the_backbone_alone_are_understood()
    {
        Mixed().Rename(k => k.Replace("transformer.", "", StringComparison.Ordinal)).With("target_modules", "null").Write(_root);
        using var attached = Tiny.Gpt().AddAdapter(_root);

        attached.AdapterGroups().Single().Adapters.Should().HaveCount(3);
    }

    [Fact]
    public void Every_reason_against_an_adapter_is_listed_and_the_model_is_as_before()
    {
        new PeftFolder(("transformer.h.0.attn.c_attn", 16, 47, 8), ("transformer.h.7.mlp.c_fc", 16, 64, 8), ("transformer.h.0.ln_1", 16, 16, 8), ("h.0.mlp.c_fc", 16, 64, 8), ("transformer.h.0.mlp.c_fc", 16, 64, 8))
            .With("target_modules", """["c_attn", "c_fc", "ln_1"]""").Write(_root);
        using var model = Tiny.Gpt();

        model.Invoking(m => m.AddAdapter(_root)).Should().Throw<InvalidDataException>()
            .WithMessage("*'transformer.h.0.attn.c_attn' from 16 to 47 features, but in Gpt it has 16 and 48*")
            .WithMessage("*'transformer.h.7.mlp.c_fc', but Gpt has no such linear layer*")
            .WithMessage("*'transformer.h.0.ln_1', but Gpt has no such linear layer*")
            .WithMessage("*one layer under the names 'h.0.mlp.c_fc' and 'transformer.h.0.mlp.c_fc'*")
            .WithMessage("*target_modules of adapter_config.json names 'transformer.h.1.attn.c_attn', but the file has nothing for it*");
        model.modules().Should().NotContain(m => m is IAdapted);
        model.parameters().Should().OnlyContain(p => p.requires_grad);
    }

    [Fact]
    public void A_model_with_experts_takes_no_adapter_beside_them()
    {
        Mixed().Write(_root);
        using var moe = Tiny.Moe();

        moe.Model.Invoking(m => m.AddAdapter(_root)).Should().Throw<InvalidOperationException>().WithMessage("*has experts or adapters already*");
    }

    [Fact]
    public void Attached_adapters_are_swapped_like_experts()
    {
        Mixed().Write(Path.Combine(_root, "one"));
        var other = Mixed();
        foreach (var key in other.Keys.Where(k => k.Contains("lora_B", StringComparison.Ordinal)).ToList())
        {
            other.Set(key, other.Shape(key), value: 0);
        }

        other.Write(Path.Combine(_root, "none"));
        var bare = Output(Tiny.Gpt());
        using var attached = Tiny.Gpt().AddAdapter(Path.Combine(_root, "one"));

        attached.LoadExpert("specialist-0", Path.Combine(_root, "none"));

        (Output(attached.Model) - bare).abs().max().ToDouble().Should().Be(0);
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static PeftFolder Mixed() => new PeftFolder(("transformer.h.0.attn.c_attn", 16, 48, 2), ("transformer.h.0.mlp.c_fc", 16, 64, 4), ("transformer.h.1.mlp.c_proj", 64, 16, 3))
        .With("r", "4").With("lora_alpha", "6").With("rank_pattern", """{"c_attn": 2, "mlp.c_proj": 3}""").With("alpha_pattern", """{"c_fc": 2.5}""")
        .With("target_modules", "\".*h\\\\.0\\\\.attn\\\\.c_attn|.*h.0.mlp.c_fc|.*h.1.mlp.c_proj\"");

    /// <summary>W + (alpha / r) B A, written down with the numbers of <see cref="Mixed"/>.</summary>
    private nn.Module<Tensor, Tensor> ByHand()
    {
        var model = Tiny.Gpt();
        var tensors = CoMiGS.Checkpoints.SafetensorsFile.Read(Path.Combine(_root, "adapter_model.safetensors"));
        using var noGrad = no_grad();
        foreach (var (path, scale) in new[] { ("h.0.attn.c_attn", 3.0), ("h.0.mlp.c_fc", 0.625), ("h.1.mlp.c_proj", 2.0) })
        {
            var linear = (Linear)model.named_modules().Single(m => m.name == path).module;
            linear.weight!.add_(tensors[$"base_model.model.transformer.{path}.lora_B.weight"].mm(tensors[$"base_model.model.transformer.{path}.lora_A.weight"]) * scale);
        }

        return model;
    }

    private static Tensor Output(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        return model.call(tensor(Ids, [1, Ids.Length]));
    }
}
