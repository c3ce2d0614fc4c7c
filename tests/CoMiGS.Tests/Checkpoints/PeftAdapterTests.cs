using CoMiGS.Checkpoints;
using CoMiGS.Experts;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class PeftAdapterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Missing_fields_take_the_defaults_of_PEFT()
    {
        Small().Without("r").Without("target_modules").With("peft_type", "null").Write(_root);

        var adapter = PeftAdapter.Read(_root);

        adapter.Modules.Select(m => m.Path).Should().Equal("a.q", "a.v");
        adapter.Modules.Should().OnlyContain(m => m.Config == new LoraConfig(8, 8, LoraScaling.Classic, 0));
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Half_precision_is_widened(ScalarType type)
    {
        var folder = Small();
        var expected = Read(folder.All(type), "type").Modules[0];

        expected.A.dtype.Should().Be(ScalarType.Float32);
        var exact = Read(folder.All(ScalarType.Float32), "exact").Modules[0].A;
        (expected.A - exact.to(type).to(ScalarType.Float32)).abs().max().ToDouble().Should().Be(0);
        (expected.A - exact).abs().max().ToDouble().Should().BeGreaterThan(0);
    }

    [Fact]
    public void Patterns_are_looked_up_apart_and_the_first_of_the_file_counts()
    {
        var folder = new PeftFolder(("m.layers.0.q", 4, 4, 2), ("m.layers.1.q", 4, 4, 3), ("m.layers.1.v", 4, 4, 4))
            .With("r", "4").With("lora_alpha", "12").With("use_rslora", "true")
            .With("rank_pattern", """{"layers\\.0\\..*": 2, "q": 3, "layers.0.q": 7}""")
            .With("alpha_pattern", """{"^m.layers.1.v": 6, "v": 5, "ayers.1.q": 9}""")
            .Write(_root);

        var modules = PeftAdapter.Read(folder).Modules;

        modules.Select(m => (m.Config.Rank, m.Config.Alpha)).Should().Equal((2, 12), (3, 12), (4, 6));
        modules[1].Config.Factor.Should().Be(12 / Math.Sqrt(3));
    }

    [Theory]
    [InlineData("target_modules", """["q"]""", "a.v")]
    [InlineData("target_modules", """["q", "xa.v"]""", "a.v")]
    [InlineData("target_modules", "\"a.(q|x)\"", "a.v")]
    [InlineData("exclude_modules", """["v"]""", "a.v")]
    [InlineData("exclude_modules", "\".*q\"", "a.q")]
    public void A_layer_that_the_configuration_does_not_claim_is_refused(string field, string json, string layer)
    {
        Refusal(Small().With(field, json)).Should().Contain($"layer '{layer}': it is not among the target_modules");
    }

    [Fact]
    public void Layers_to_transform_are_numbers_behind_a_name_or_behind_the_one_given()
    {
        var layers = new[] { ("m.h.0.x.5.q", 4L, 4L, 8L), ("m.h.1.x.5.q", 4L, 4L, 8L) };

        Read(new PeftFolder(layers).With("target_modules", """["q"]""").With("layers_to_transform", "[0, 1]"), "both").Modules.Should().HaveCount(2);
        Read(new PeftFolder(layers).With("target_modules", """["q"]""").With("layers_to_transform", "5").With("layers_pattern", "\"x\""), "inner").Modules.Should().HaveCount(2);
        Refusal(new PeftFolder(layers).With("target_modules", """["q"]""").With("layers_to_transform", "[1]"))
            .Should().Contain("'m.h.0.x.5.q': it is not among").And.NotContain("'m.h.1.x.5.q'");
        Refusal(new PeftFolder(layers).With("target_modules", """["q"]""").With("layers_to_transform", "[0]").With("layers_pattern", """["h"]"""))
            .Should().Contain("'m.h.1.x.5.q': it is not among").And.NotContain("'m.h.0.x.5.q'");
    }

    [Fact]
    public void All_linear_and_a_missing_rule_claim_everything_in_the_file()
    {
        Read(Small().With("target_modules", "\"all-linear\""), "all").Modules.Should().HaveCount(2);
        Read(Small().With("target_modules", "null"), "none").Modules.Should().HaveCount(2);
    }

    [Fact]
    public void Everything_beyond_plain_LoRA_is_refused_at_once()
    {
        var fields = new (string Field, string Json)[]
        {
            ("use_dora", "true"), ("init_lora_weights", "\"pissa_niter_16\""), ("modules_to_save", """["lm_head"]"""), ("bias", "\"lora_only\""), ("lora_bias", "true"),
            ("layer_replication", "[[0, 2]]"), ("megatron_config", """{"a": 1}"""), ("loftq_config", """{"loftq_bits": 4}"""), ("trainable_token_indices", "[1]"), ("eva_config", """{"rho": 2}"""),
            ("target_parameters", """["w"]"""), ("alora_invocation_tokens", "[3]"), ("use_qalora", "true"), ("arrow_config", """{"k": 1}"""),
        };
        var folder = Small();
        foreach (var (field, json) in fields)
        {
            folder.With(field, json);
        }

        var refusal = Refusal(folder);

        foreach (var (field, _) in fields)
        {
            refusal.Should().Contain($": {field} is ");
        }
    }

    [Theory]
    [InlineData("\"olora\"")]
    [InlineData("\"corda\"")]
    [InlineData("\"loftq\"")]
    [InlineData("\"lora_ga\"")]
    [InlineData("\"pissa\"")]
    public void An_initialisation_that_changes_the_base_is_refused(string start) => Refusal(Small().With("init_lora_weights", start)).Should().Contain("which may have changed the base's weights");

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("\"gaussian\"")]
    public void Other_initialisations_are_plain_LoRA(string start) => Read(Small().With("init_lora_weights", start), "start").Modules.Should().HaveCount(2);

    [Fact]
    public void Another_method_is_refused() => Refusal(Small().With("peft_type", "\"IA3\"")).Should().Contain("peft_type is 'IA3'; only LORA can be used");

    [Theory]
    [InlineData("a.q.lora_B.bias", "its lora_B has a bias")]
    [InlineData("a.q.lora_magnitude_vector", "DoRA")]
    [InlineData("wte.lora_embedding_A", "adapts an embedding")]
    [InlineData("lm_head.weight", "full copy of a weight")]
    [InlineData("a.q.base_layer.bias", "a bias of the base was trained")]
    [InlineData("a.q.lora_C.weird", "no key of PEFT's LoRA")]
    public void A_key_that_is_no_factor_is_refused_with_what_it_means(string key, string means) =>
        Refusal(Small().Set($"base_model.model.{key}", [4])).Should().Contain($"tensor 'base_model.model.{key}': ").And.Contain(means);

    [Fact]
    public void Damage_is_listed_in_full()
    {
        var folder = new PeftFolder(("a", 4, 4, 8), ("b", 4, 4, 8), ("c", 4, 4, 8), ("d", 4, 4, 8), ("e", 4, 4, 8))
            .Remove("base_model.model.a.lora_B.weight")
            .Set("base_model.model.b.lora_A.weight", [8, 4], value: float.NaN)
            .Set("base_model.model.c.lora_A.weight", [3, 4])
            .Set("base_model.model.d.lora_B.weight", [4])
            .Set("base_model.model.e.lora_A.weight", [8, 4], ScalarType.Int64)
            .Set("extra", [1]);

        Refusal(folder).Should()
            .Contain("'base_model.model.a.lora_B.weight': it is missing")
            .And.Contain("'base_model.model.b.lora_A.weight': it holds values that are not finite")
            .And.Contain("layer 'c': lora_A is [3, 4] and lora_B [4, 8], whose ranks differ")
            .And.Contain("'base_model.model.d.lora_B.weight': its shape is [4]")
            .And.Contain("'base_model.model.e.lora_A.weight': its type is I64")
            .And.Contain("tensor 'extra': it is no key of PEFT's LoRA");
    }

    [Fact]
    public void A_rank_that_the_configuration_does_not_give_is_refused() =>
        Refusal(Small().With("rank_pattern", """{"a.v": 4}""")).Should().Contain("layer 'a.v': its rank is 8, but adapter_config.json says 4");

    [Theory]
    [InlineData("r", "\"8\"", "r is \"8\". Use a whole number")]
    [InlineData("r", "0", "r is 0. Use a whole number of 1 or more")]
    [InlineData("lora_alpha", "true", "lora_alpha is true. Use a number")]
    [InlineData("lora_alpha", "-1", "Alpha is -1. Use a positive number")]
    [InlineData("use_rslora", "\"yes\"", "use_rslora is \"yes\". Use true or false")]
    [InlineData("rank_pattern", "[4]", "rank_pattern is no map")]
    [InlineData("rank_pattern", """{"a": 0}""", "rank_pattern gives 'a' the value 0")]
    [InlineData("rank_pattern", """{"(": 4}""", "rank_pattern cannot be used (Invalid pattern")]
    [InlineData("target_modules", "\"(\"", "target_modules cannot be used (Invalid pattern")]
    [InlineData("target_modules", "[1]", "target_modules is neither a text nor a list of texts")]
    [InlineData("layers_to_transform", "\"1\"", "layers_to_transform is neither a whole number nor a list")]
    [InlineData("alpha_pattern", """{"(l|ll)+[^l]": 4}""", "takes too long to match")]
    public void A_field_of_a_wrong_kind_is_refused_with_its_value(string field, string json, string expected) =>
        Refusal(new PeftFolder(("llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll", 4, 4, 8)).With(field, json)).Should().Contain(expected);

    [Theory]
    [InlineData("[]", "holds no JSON object")]
    [InlineData("{\"r\": ", "cannot be read")]
    [InlineData("", "cannot be read")]
    [InlineData("{\"lora_alpha\": NaN}", "cannot be read")]
    public void A_configuration_that_is_no_object_is_refused(string text, string expected)
    {
        Small().Write(_root);
        File.WriteAllText(Path.Combine(_root, "adapter_config.json"), text);

        FluentActions.Invoking(() => PeftAdapter.Read(_root)).Should().Throw<InvalidDataException>().WithMessage($"*{expected}*");
    }

    [Fact]
    public void Unknown_fields_are_ignored_with_a_warning()
    {
        var heard = new Heard();
        Small().With("made_up", "3").With("peft_version", "\"0.20\"").Write(_root);

        PeftAdapter.Read(_root, logger: heard).Modules.Should().HaveCount(2);

        heard.Messages.Should().ContainSingle().Which.Should().Contain("the fields made_up are not known");
    }

    [Fact]
    public void A_pickle_is_refused_and_a_safetensors_file_beside_it_wins()
    {
        Small().Write(_root);
        File.WriteAllText(Path.Combine(_root, "adapter_model.bin"), "cos\nsystem\n");
        PeftAdapter.Read(_root).Modules.Should().HaveCount(2);
        File.Delete(Path.Combine(_root, "adapter_model.safetensors"));

        FluentActions.Invoking(() => PeftAdapter.Read(_root)).Should().Throw<InvalidDataException>().WithMessage("*adapter_model.bin, a Python pickle*safe_serialization=True*");
    }

    [Fact]
    public void A_named_adapter_lies_in_a_sub_folder()
    {
        Small().Write(Path.Combine(_root, "french"));
        Small().Write(Path.Combine(_root, "german"));

        PeftAdapter.Read(_root, "french").Modules.Should().HaveCount(2);
        FluentActions.Invoking(() => PeftAdapter.Read(_root)).Should().Throw<InvalidDataException>().WithMessage("*holds no adapter_config.json. Its sub-folders french, german do: name one of them*");
    }

    [Fact]
    public void A_folder_without_an_adapter_or_without_tensors_is_refused()
    {
        FluentActions.Invoking(() => PeftAdapter.Read(Path.Combine(_root, "nowhere"))).Should().Throw<InvalidDataException>().WithMessage("*save_pretrained*");
        Refusal(new PeftFolder()).Should().Contain("holds no .lora_A.weight and .lora_B.weight at all");
    }

    [Fact]
    public void Whatever_byte_of_the_file_is_lost_or_changed_the_adapter_is_read_or_refused_with_a_reason()
    {
        Small().Write(_root);
        var file = Path.Combine(_root, "adapter_model.safetensors");
        var whole = File.ReadAllBytes(file);
        var refused = 0;
        for (var i = 0; i < whole.Length; i += 7)
        {
            foreach (var damaged in new[] { whole[..i], [.. whole[..i], (byte)(whole[i] ^ 0x55), .. whole[(i + 1)..]] })
            {
                File.WriteAllBytes(file, damaged);
                try
                {
                    PeftAdapter.Read(_root);
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
            }
        }

        refused.Should().BeGreaterThan(whole.Length / 7, "every cut is refused");
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static PeftFolder Small() => new(("a.q", 4, 6, 8), ("a.v", 4, 6, 8));

    private PeftAdapter Read(PeftFolder folder, string name) => PeftAdapter.Read(folder.Write(Path.Combine(_root, name)));

    private string Refusal(PeftFolder folder) => FluentActions.Invoking(() => PeftAdapter.Read(folder.Write(_root))).Should().Throw<InvalidDataException>().Which.Message;
}
