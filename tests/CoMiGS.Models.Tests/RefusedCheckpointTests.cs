using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

/// <summary>What cannot be loaded is refused with everything that is wrong.</summary>
public sealed class RefusedCheckpointTests
{
    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_and_unusable_fields_are_listed_at_once()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model)
            .WithConfig(config =>
            {
                config["use_sliding_window"] = true;
                config["rope_scaling"] = new JsonObject { ["rope_type"] = "yarn", ["factor"] = 4 };
            })
            .WithTensors(tensors => tensors
                .Where(t => t.Name is not ("model.norm.weight" or "model.layers.1.mlp.up_proj.weight"))
                .Select(t => t.Name == "model.layers.0.self_attn.k_proj.weight" ? (t.Name, t.Value.t()) : t)
                .Append(("score.weight", zeros(2, 16))).Append(("model.layers.0.self_attn.q_norm.weight", ones(4))));

        Problems(checkpoint).Should().BeEquivalentTo(
        [
            "config.json: 'use_sliding_window' is true. Allowed is false: attention here always sees the whole window.",
            "config.json: 'rope_scaling.rope_type' is \"yarn\". Allowed is default, linear or llama3; other scalings of RoPE are not built here.",
            "The tensor 'model.norm.weight' is missing; it should be [16].",
            "The tensor 'model.layers.1.mlp.up_proj.weight' is missing; it should be [24, 16].",
            "The tensor 'model.layers.0.self_attn.k_proj.weight' is F32 [16, 8], but config.json asks for [8, 16].",
            "The tensor 'score.weight' (F32 [2, 16]) is not expected: the model that config.json describes has none of that name.",
            "The tensor 'model.layers.0.self_attn.q_norm.weight' (F32 [4]) is not expected: the model that config.json describes has none of that name.",
        ]);
    }

    [Fact]
    public void A_transposed_projection_of_GPT_is_compared_as_it_is_stored()
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model).WithTensors(tensors => tensors.Select(t => t.Name == "transformer.h.0.attn.c_attn.weight" ? (t.Name, t.Value.t()) : t));

        Problems(checkpoint).Should().Equal("The tensor 'transformer.h.0.attn.c_attn.weight' is F32 [48, 16], but config.json asks for [16, 48].");
    }

    [Fact]
    public void Whole_numbers_instead_of_weights_are_refused()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model)
            .WithConfig(config => config["quantization_config"] = new JsonObject { ["bits"] = 8 })
            .WithTensors(tensors => tensors.Select(t => t.Name == "lm_head.weight" ? (t.Name, t.Value.to(ScalarType.Int8)) : t));

        Problems(checkpoint).Should().HaveCount(2).And.Contain(p => p.Contains("'quantization_config' is set")).And.Contain(p => p.StartsWith("The tensor 'lm_head.weight' is I8 [256, 16], but weights have to be F32"));
    }

    [Theory]
    [InlineData("model_type", "\"mistral\"", "'model_type' is \"mistral\". Allowed is gpt2, llama, qwen2")]
    [InlineData("model_type", null, "'model_type' is missing. It has to be gpt2, llama, qwen2")]
    [InlineData("model_type", "7", "'model_type' is 7. Allowed is")]
    [InlineData("architectures", "[\"LlamaForSequenceClassification\"]", "'architectures' is [\"LlamaForSequenceClassification\"]. Allowed is LlamaForCausalLM for the model_type llama")]
    [InlineData("hidden_size", null, "'hidden_size' is missing. It has to be a whole number")]
    [InlineData("hidden_size", "\"wide\"", "'hidden_size' is \"wide\". Allowed is a whole number")]
    [InlineData("hidden_size", "1e300", "'hidden_size' is 1e300. Allowed is a whole number")]
    [InlineData("hidden_size", "-16", "Width is -16")]
    [InlineData("num_key_value_heads", "3", "KeyValueHeads is 3, which 4 heads cannot share equally")]
    [InlineData("num_hidden_layers", "2000000000", "asks for 2000000000 layers, but there are only 21 tensors")]
    [InlineData("hidden_act", "\"mish\"", "'hidden_act' is \"mish\". Allowed is gelu_new, gelu_pytorch_tanh, gelu_fast, gelu, silu, swish, relu")]
    [InlineData("rms_norm_eps", "0", "NormEpsilon is 0")]
    [InlineData("attention_bias", "\"yes\"", "'attention_bias' is \"yes\". Allowed is true or false")]
    [InlineData("rope_scaling", "\"llama3\"", "'rope_scaling' is \"llama3\". Allowed is an object")]
    [InlineData("rope_scaling", "{\"type\":\"dynamic\",\"factor\":2}", "'rope_scaling.type' is \"dynamic\". Allowed is default, linear or llama3")]
    [InlineData("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":2}", "'rope_scaling.low_freq_factor' is missing")]
    [InlineData("rope_parameters", "{\"rope_type\":\"default\",\"rope_theta\":5}", "'rope_theta' is given more than once, as 5 and 10000. Keep one of them")]
    [InlineData("rope_parameters", "{\"partial_rotary_factor\":0.5}", "'rope_parameters.partial_rotary_factor' is 0.5. Allowed is 1")]
    [InlineData("layer_types", "[\"full_attention\",\"sliding_attention\"]", "Allowed is full_attention in every layer")]
    public void Fields_of_Llama_that_cannot_be_used_are_named_with_what_is_allowed(string field, string? json, string problem)
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model).WithConfig(config => Set(config, field, json));

        Problems(checkpoint).Should().Contain(p => p.Contains(problem));
    }

    [Theory]
    [InlineData("activation_function", "\"quick_gelu\"", "'activation_function' is \"quick_gelu\". Allowed is")]
    [InlineData("tie_word_embeddings", "false", "'tie_word_embeddings' is false. Allowed is true")]
    [InlineData("scale_attn_weights", "false", "'scale_attn_weights' is false. Allowed is true")]
    [InlineData("scale_attn_by_inverse_layer_idx", "true", "'scale_attn_by_inverse_layer_idx' is true. Allowed is false")]
    [InlineData("add_cross_attention", "true", "'add_cross_attention' is true. Allowed is false")]
    [InlineData("n_head", "3", "Width is 16, which 3 heads cannot share")]
    [InlineData("n_positions", "0", "BlockSize is 0")]
    public void Fields_of_GPT_that_cannot_be_used_are_named_with_what_is_allowed(string field, string? json, string problem)
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model).WithConfig(config => Set(config, field, json));

        Problems(checkpoint).Should().Contain(p => p.Contains(problem));
    }

    [Fact]
    public void Two_descriptions_of_one_scaling_that_differ_are_a_contradiction()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model).WithConfig(config =>
        {
            config["rope_scaling"] = new JsonObject { ["rope_type"] = "linear", ["factor"] = 2 };
            config["rope_parameters"] = new JsonObject { ["rope_type"] = "linear", ["factor"] = 4 };
        });

        Problems(checkpoint).Should().Equal("config.json: 'rope_scaling' and 'rope_parameters' describe different scalings. Keep one of them.");
    }

    [Fact]
    public void A_model_of_another_family_is_refused_with_the_way_to_load_it()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model);

        var act = () => Gpt.FromPretrained(checkpoint.Folder);

        act.Should().Throw<PretrainedException>().WithMessage($"'{checkpoint.Folder}' cannot be loaded:*It holds a Llama, not a Gpt. Call Llama.FromPretrained*");
    }

    [Fact]
    public void A_folder_without_checkpoint_is_refused_with_what_it_lacks()
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);
        File.Delete(Path.Combine(checkpoint.Folder, "config.json"));
        File.Move(Path.Combine(checkpoint.Folder, "model.safetensors"), Path.Combine(checkpoint.Folder, "pytorch_model.bin"));

        Problems(checkpoint).Should().HaveCount(2).And.Contain(p => p.StartsWith("There is no config.json.")).And.Contain(p => p.Contains("(.bin)") && p.Contains("Save the model as safetensors"));
    }

    [Theory]
    [InlineData("{", "config.json is no valid JSON")]
    [InlineData("[]", "config.json holds no JSON object")]
    public void A_damaged_configuration_is_refused(string text, string problem)
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);
        File.WriteAllText(Path.Combine(checkpoint.Folder, "config.json"), text);

        Problems(checkpoint).Should().ContainSingle().Which.Should().StartWith(problem);
    }

    [Fact]
    public void A_damaged_file_is_listed_with_what_else_is_wrong()
    {
        using var model = Tiny.Llama();
        using var checkpoint = new SavedCheckpoint(model).WithConfig(config => config["use_sliding_window"] = true);
        File.WriteAllBytes(Path.Combine(checkpoint.Folder, "model.safetensors"), new byte[100]);

        Problems(checkpoint).Should().HaveCount(2).And.Contain(p => p.Contains("model.safetensors"));
    }

    [Fact]
    public void A_folder_that_is_not_there_and_a_type_that_no_model_computes_in_are_refused()
    {
        var nowhere = () => Pretrained.Load("nowhere");
        var half = () => Pretrained.Load("nowhere", new() { Type = ScalarType.Float16 });

        nowhere.Should().Throw<DirectoryNotFoundException>().WithMessage("*no folder 'nowhere'*config.json*Nothing is downloaded*");
        half.Should().Throw<ArgumentException>().WithMessage("*Type is Float16. Use Float32, BFloat16 or Float64*");
    }

    [Theory]
    [InlineData("adapter_config.json", "It holds an adapter, not a model. Load the base model, and give this folder to AddAdapter.")]
    [InlineData("comigs.json", "It holds experts, not a model. Load the base model, call AddExperts with their options, and give this folder to Load.")]
    public void Adapters_and_experts_are_told_from_models(string file, string problem)
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);
        File.Move(Path.Combine(checkpoint.Folder, "config.json"), Path.Combine(checkpoint.Folder, file));

        Problems(checkpoint).Should().Equal(problem);
    }

    [Fact]
    public void Weights_that_are_still_a_pointer_of_Git_LFS_are_told_from_damaged_ones()
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);
        File.WriteAllText(Path.Combine(checkpoint.Folder, "model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");

        Problems(checkpoint).Should().ContainSingle().Which.Should().EndWith("The file is a pointer of Git LFS, not the weights themselves. Get them with 'git lfs pull'.");
    }

    [Fact]
    public void A_file_in_place_of_its_folder_is_told()
    {
        using var model = Tiny.Gpt();
        using var checkpoint = new SavedCheckpoint(model);

        var act = () => Pretrained.Load(Path.Combine(checkpoint.Folder, "model.safetensors"));

        act.Should().Throw<DirectoryNotFoundException>().WithMessage("*model.safetensors' is a file. Name its folder*");
    }

    private static IReadOnlyList<string> Problems(SavedCheckpoint checkpoint)
    {
        var act = () => Pretrained.Load(checkpoint.Folder);
        return act.Should().Throw<PretrainedException>().Which.Problems;
    }

    private static void Set(JsonObject config, string field, string? json)
    {
        config.Remove(field);
        if (json is not null)
        {
            config[field] = JsonNode.Parse(json);
        }
    }
}
