using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

public sealed class PretrainedTests
{
    public static TheoryData<string> Variants => [.. Models.Keys];

    private static readonly Dictionary<string, Func<LanguageModel>> Models = new()
    {
        ["GPT-2"] = Tiny.Gpt,
        ["GPT-2, narrow feed-forward, erf GELU"] = () => new Gpt(new() { VocabularySize = 256, BlockSize = 32, Layers = 1, Heads = 2, Width = 16, HiddenWidth = 24, Activation = Activation.Gelu, LayerNormEpsilon = 1e-3 }),
        ["GPT-2, ReLU"] = () => new Gpt(new() { VocabularySize = 256, BlockSize = 32, Layers = 1, Heads = 2, Width = 16, Activation = Activation.Relu }),
        ["Llama"] = () => Tiny.Llama(),
        ["Llama, tied"] = () => Tiny.Llama(o => o.TiedHead = true),
        ["Llama, wide heads"] = () => Tiny.Llama(o => o.HeadWidth = 6),
        ["Llama, attention bias"] = () => Tiny.Llama(o => (o.QueryKeyValueBias, o.AttentionOutputBias) = (true, true)),
        ["Llama, feed-forward bias"] = () => Tiny.Llama(o => o.FeedForwardBias = true),
        ["Llama, scaled as Llama 3"] = () => Tiny.Llama(o => o.RopeScaling = new Llama3RopeScaling(8, 1, 4, 16)),
        ["Llama, scaled linearly"] = () => Tiny.Llama(o => (o.RopeTheta, o.RopeScaling) = (500, new LinearRopeScaling(2))),
        ["Qwen2"] = () => Tiny.Llama(o => (o.QueryKeyValueBias, o.TiedHead, o.NormEpsilon) = (true, true, 1e-6)),
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_is_saved_and_loaded_computes_the_same(string variant)
    {
        using var scope = NewDisposeScope();
        using var model = Shaken(Models[variant]());
        using var checkpoint = new SavedCheckpoint(model);

        using var loaded = Pretrained.Load(checkpoint.Folder);

        loaded.GetType().Should().Be(model.GetType());
        loaded.named_parameters().Select(p => p.name).Should().Equal(model.named_parameters().Select(p => p.name));
        SameLogits(model, loaded);
    }

    [Fact]
    public void A_GPT_without_prefix_and_with_masks_of_older_files_is_the_same_model()
    {
        using var scope = NewDisposeScope();
        using var model = Shaken(Tiny.Gpt());
        using var checkpoint = new SavedCheckpoint(model).WithTensors(tensors => tensors.Select(t => (t.Name.Replace("transformer.", "", StringComparison.Ordinal), t.Value))
            .Append(("h.0.attn.bias", ones([1, 1, 32, 32]))).Append(("h.1.attn.masked_bias", tensor(-10000f))));

        using var loaded = Gpt.FromPretrained(checkpoint.Folder);

        SameLogits(model, loaded);
    }

    [Fact]
    public void Shards_are_read_as_one()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model).WithTensors(tensors => tensors, maximumShardBytes: 5000);
        Directory.GetFiles(checkpoint.Folder, "*.safetensors").Should().HaveCountGreaterThan(2);

        using var loaded = Llama.FromPretrained(checkpoint.Folder);

        SameLogits(model, loaded);
    }

    [Theory]
    [InlineData("rope_parameters")]
    [InlineData("rope_scaling")]
    public void Both_spellings_of_the_rotary_fields_are_read(string section)
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Llama(o => (o.RopeTheta, o.RopeScaling) = (500_000, new Llama3RopeScaling(32, 1, 4, 16)));
        using var checkpoint = new SavedCheckpoint(model).WithConfig(config =>
        {
            var scaling = config["rope_scaling"]!.DeepClone().AsObject();
            scaling["rope_theta"] = 500_000;
            config.Remove("rope_theta");
            config.Remove("rope_scaling");
            config[section] = scaling;
            config["dtype"] = config["torch_dtype"]!.DeepClone();
            config.Remove("torch_dtype");
        });

        using var loaded = Llama.FromPretrained(checkpoint.Folder);

        loaded.Options.RopeTheta.Should().Be(500_000);
        loaded.Options.RopeScaling.Should().Be(new Llama3RopeScaling(32, 1, 4, 16));
        SameLogits(model, loaded);
    }

    [Theory]
    [InlineData(ScalarType.Float16, null, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, null, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64, null, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.Float64, ScalarType.Float64)]
    public void Weights_take_the_type_that_is_asked_for_or_the_one_they_are_stored_in(ScalarType stored, ScalarType? wanted, ScalarType expected)
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model).WithTensors(tensors => tensors.Select(t => (t.Name, t.Value.to(stored))));

        using var loaded = Pretrained.Load(checkpoint.Folder, new() { Type = wanted });

        foreach (var ((_, original), (name, parameter)) in model.named_parameters().Zip(loaded.named_parameters()))
        {
            parameter.dtype.Should().Be(expected, name);
            parameter.detach().Equals(original.detach().to(stored).to(expected)).Should().BeTrue(name);
        }
    }

    [Fact]
    public void One_tensor_of_a_longer_type_makes_the_model_float32()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model).WithTensors(tensors => tensors.Select(t => (t.Name, t.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? t.Value : t.Value.to(ScalarType.BFloat16))));

        using var loaded = Pretrained.Load(checkpoint.Folder);

        loaded.parameters().Select(p => p.dtype).Distinct().Should().Equal(ScalarType.Float32);
    }

    [Fact]
    public void A_head_that_repeats_the_tied_embeddings_is_left_out()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model).WithTensors(tensors => [.. tensors, ("lm_head.weight", tensors.Single(t => t.Name == "transformer.wte.weight").Value)]);

        using var loaded = Pretrained.Load(checkpoint.Folder);

        SameLogits(model, loaded);
    }

    [Fact]
    public void A_head_of_its_own_that_the_configuration_ties_is_refused()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model).WithConfig(c => c["tie_word_embeddings"] = true);

        Loading(checkpoint).Should().Throw<PretrainedException>().WithMessage("*ties the output head*'lm_head.weight'*differs from 'model.embed_tokens.weight'*tie_word_embeddings to false*");
    }

    [Fact]
    public void Loaded_models_own_their_tensors_and_nothing_else_is_left()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model);
        var before = LiveTensors.Count() + LiveTensors.TooMany(2 * model.parameters().Count());

        using (Pretrained.Load(checkpoint.Folder))
        {
            Tensor.TotalCount.Should().Be(before + model.parameters().Count());
        }

        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void Progress_runs_over_all_bytes_tensor_by_tensor()
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);
        var progress = new Recorded();

        using var loaded = Pretrained.Load(checkpoint.Folder, progress: progress);

        var bytes = model.parameters().Sum(p => p.numel() * p.element_size());
        progress.Reports.Should().HaveCount(model.parameters().Count()).And.OnlyContain(p => p.TotalBytes == bytes).And.BeInAscendingOrder(p => p.Bytes);
        progress.Reports[^1].Bytes.Should().Be(bytes);
    }

    [Fact]
    public void A_cancelled_load_leaves_nothing()
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);
        using var stop = new CancellationTokenSource();
        var before = LiveTensors.Count() + LiveTensors.TooMany(2 * model.parameters().Count());
        var progress = new Recorded { Then = stop.Cancel };

        var act = () => Pretrained.Load(checkpoint.Folder, progress: progress, cancellationToken: stop.Token);

        act.Should().Throw<OperationCanceledException>();
        progress.Reports.Should().ContainSingle();
        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void Loading_draws_no_random_numbers()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model);
        using var scope = NewDisposeScope();
        manual_seed(5);
        var next = rand(4);

        manual_seed(5);
        using var loaded = Pretrained.Load(checkpoint.Folder);

        rand(4).Equals(next).Should().BeTrue();
    }

    [Fact]
    public void Models_with_experts_are_not_saved_as_checkpoints()
    {
        using var moe = Tiny.WithExperts(Tiny.Gpt());

        var act = () => Pretrained.Save((LanguageModel)moe.Model, "unused");

        act.Should().Throw<ArgumentException>().WithMessage("*Gpt has experts or adapters*");
        Directory.Exists("unused").Should().BeFalse();
    }

    private static Action Loading(SavedCheckpoint checkpoint) => () => Pretrained.Load(checkpoint.Folder).Dispose();

    /// <summary>Gives biases and gains values that show where they are used.</summary>
    private static LanguageModel Shaken(LanguageModel model)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in model.parameters().Where(p => p.dim() < 2))
        {
            parameter.add_(linspace(-0.3, 0.4, parameter.numel(), ScalarType.Float32));
        }

        return model;
    }

    private static void SameLogits(LanguageModel model, LanguageModel loaded)
    {
        model.eval();
        var ids = Tiny.Ids(3, 2, 20);
        loaded.call(ids).Equals(model.call(ids)).Should().BeTrue();
    }

    private sealed class Recorded : IProgress<LoadProgress>
    {
        public List<LoadProgress> Reports { get; } = [];

        public Action Then { get; init; } = () => { };

        public void Report(LoadProgress value)
        {
            Reports.Add(value);
            Then();
        }
    }
}
