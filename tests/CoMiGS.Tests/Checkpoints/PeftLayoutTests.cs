using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class PeftLayoutTests : IDisposable
{
    private static readonly (string Path, long Inputs, long Outputs)[] TinyLayers =
    [
        .. Enumerable.Range(0, 2).SelectMany(i => new[]
        {
            ($"transformer.h.{i}.attn.c_attn", 16L, 48L), ($"transformer.h.{i}.attn.c_proj", 16L, 16L),
            ($"transformer.h.{i}.mlp.c_fc", 16L, 64L), ($"transformer.h.{i}.mlp.c_proj", 64L, 16L),
        }),
        ("lm_head", 16L, 256L),
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;

    [Theory]
    [InlineData(LoraScaling.RankStabilized, 8, 3, 16)]
    [InlineData(LoraScaling.Classic, 2, 5, 7.5)]
    public void PEFT_finds_every_layer_of_every_expert_and_scales_it_as_the_expert_does(LoraScaling scaling, int rank, int attentionRank, double alpha)
    {
        using var moe = Tiny.Moe(new() { Specialists = 2, Rank = rank, AttentionRank = attentionRank, Alpha = alpha, Scaling = scaling });
        Randomise(moe);

        moe.Save(_root);

        foreach (var group in moe.AdapterGroups())
        {
            var updates = PeftRules.Load(Path.Combine(_root, group.Name), TinyLayers, conv1d: true);
            updates.Keys.Should().BeEquivalentTo(group.Adapters.Select(a => $"transformer.{a.Path}"));
            foreach (var (path, adapter) in group.Adapters)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                var own = adapter.call(eye(adapter.A.shape[1])).t().contiguous().data<float>().ToArray(); // s B A, column by column
                updates[$"transformer.{path}"].Should().HaveSameCount(own);
                updates[$"transformer.{path}"].Zip(own).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-5);
            }
        }
    }

    [Fact]
    public void PEFT_finds_the_layers_of_a_Llama_too()
    {
        using var moe = new CoMiGS.Models.Llama(new() { VocabularySize = 64, Width = 8, HiddenWidth = 12, Layers = 2, Heads = 2, KeyValueHeads = 1 }).AddExperts();
        Randomise(moe);

        moe.Save(_root);

        var layers = Enumerable.Range(0, 2).SelectMany(i => new[]
        {
            ($"model.layers.{i}.self_attn.q_proj", 8L, 8L), ($"model.layers.{i}.self_attn.k_proj", 8L, 4L), ($"model.layers.{i}.self_attn.v_proj", 8L, 4L), ($"model.layers.{i}.self_attn.o_proj", 8L, 8L),
            ($"model.layers.{i}.mlp.gate_proj", 8L, 12L), ($"model.layers.{i}.mlp.up_proj", 8L, 12L), ($"model.layers.{i}.mlp.down_proj", 12L, 8L),
        }).Append(("lm_head", 8L, 64L)).ToList();
        PeftRules.Load(Path.Combine(_root, "generalist-0"), layers, conv1d: false).Should().HaveCount(6);
        PeftRules.Load(Path.Combine(_root, "attention"), layers, conv1d: false).Should().HaveCount(8);
    }

    [Fact]
    public void Mixtures_beside_single_layers_of_any_model_are_found_too()
    {
        using var moe = new Foreign().AddExperts(new() { TargetModules = ["v_proj", "fc1"], AttentionRank = 0 });
        Randomise(moe);
        moe.Save(_root);

        var layers = Enumerable.Range(0, 2).SelectMany(i => new[] { ($"layers.{i}.q_proj", 16L, 16L), ($"layers.{i}.v_proj", 16L, 16L), ($"layers.{i}.mlp.fc1", 16L, 48L), ($"layers.{i}.mlp.fc2", 48L, 16L) }).ToList();
        PeftRules.Load(Path.Combine(_root, "specialist-0"), layers, conv1d: false).Keys.Should().BeEquivalentTo("layers.0.v_proj", "layers.0.mlp.fc1", "layers.1.v_proj", "layers.1.mlp.fc1");
        using var fresh = new Foreign().AddExperts(new() { TargetModules = ["v_proj", "fc1"], AttentionRank = 0, Seed = 9 });
        fresh.Load(_root);
        Values(fresh).Should().Equal(Values(moe));
    }

    [Fact]
    public void A_layer_whose_path_is_the_ending_of_another_is_hit_alone()
    {
        using var moe = new Nested().AddExperts(new() { Router = RouterKind.TopK });
        Randomise(moe);

        moe.Save(_root);

        var layers = new[] { ("mlp.c_fc", 4L, 8L), ("mlp.c_proj", 8L, 4L), ("inner.mlp.c_fc", 4L, 8L), ("inner.mlp.c_proj", 8L, 4L) };
        PeftRules.Load(Path.Combine(_root, "generalist-0"), layers, conv1d: false).Keys.Should().BeEquivalentTo("mlp.c_fc", "mlp.c_proj");
    }

    [Fact]
    public void A_folder_of_an_earlier_version_with_the_models_own_names_is_read()
    {
        using var moe = Tiny.Moe();
        Randomise(moe);
        moe.Save(_root);
        foreach (var file in Directory.GetFiles(_root, "adapter_model.safetensors", SearchOption.AllDirectories))
        {
            using var scope = NewDisposeScope();
            var old = CoMiGS.Checkpoints.SafetensorsFile.Read(file).Select(t => (t.Key.Replace("transformer.", "", StringComparison.Ordinal), t.Value)).ToList();
            CoMiGS.Checkpoints.SafetensorsFile.Write(file, old);
            var config = Path.Combine(Path.GetDirectoryName(file)!, "adapter_config.json");
            File.WriteAllText(config, File.ReadAllText(config).Replace("transformer.", "", StringComparison.Ordinal));
        }

        var manifest = Path.Combine(_root, "comigs.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"format_version\": 2", "\"format_version\": 1", StringComparison.Ordinal));
        using var fresh = Tiny.Moe(new() { Seed = 99 });

        fresh.Load(_root);

        Values(fresh).Should().Equal(Values(moe));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    internal static void Randomise(MoeModel moe, long seed = 3)
    {
        using var noGrad = no_grad();
        foreach (var parameter in moe.Parameters)
        {
            ParameterInit.Normal(0.2).Fill(parameter.Value, new Seed(seed).For(parameter.Name));
        }
    }

    internal static List<float> Values(MoeModel moe)
    {
        using var scope = NewDisposeScope();
        return [.. moe.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];
    }

    /// <summary>A model of which one feed-forward is adapted and one further in, with the same last names, is plain.</summary>
    private sealed class Nested : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _mlp = new PlainFeedForward(4, 8);
        private readonly nn.Module<Tensor, Tensor> _inner;

        public Nested()
            : base(nameof(Nested))
        {
            _inner = nn.Sequential(("mlp", nn.Sequential(("c_fc", nn.Linear(4, 8)), ("c_proj", nn.Linear(8, 4)))));
            register_module("mlp", _mlp);
            register_module("inner", _inner);
        }

        public override Tensor forward(Tensor input) => _mlp.call(_inner.call(input));
    }
}
