using System.Text.Json;
using CoMiGS.Checkpoints;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Training;

namespace CoMiGS.Reference.Tests.Models;

/// <summary>Adapters as PEFT writes them, on the checkpoints they belong to: W + scaling B A.</summary>
[Trait("Category", "Reference")]
public sealed class AdapterTests
{
    private const string Kind = "peft_adapter";

    public static TheoryData<string, ScalarType> Cases()
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var name in ReferenceFolder.NamesIn(ReferenceFolder.Models, Kind))
        {
            data.Add(name, ScalarType.Float32);
            data.Add(name, ScalarType.Float64);
        }

        return data;
    }

    public static TheoryData<string> Names => [.. ReferenceFolder.NamesIn(ReferenceFolder.Models, Kind)];

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void Beside_the_weights_and_merged_into_them_an_adapter_computes_what_PEFT_computes(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var reference = new ReferenceCase(name, ReferenceFolder.Models);
        var moe = Attach(reference, type);

        Check(reference, moe.Model, type);
        using var merged = moe.MergeIntoBase();
        Check(reference, merged, type);
    }

    [ReferenceTheory]
    [MemberData(nameof(Names))]
    public void Rank_and_scale_of_every_layer_are_those_of_PEFT(string name)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name, ReferenceFolder.Models);

        var modules = PeftAdapter.Read(AdapterOf(reference)).Modules.ToDictionary(m => m.Path, m => m.Config);

        var expected = reference.Manifest.GetProperty("modules").EnumerateObject().ToDictionary(m => m.Name, m => m.Value);
        modules.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (path, module) in expected)
        {
            modules[path].Rank.Should().Be(module.GetProperty("r").GetInt32(), path);
            modules[path].Alpha.Should().Be(module.GetProperty("alpha").GetDouble(), path);
            modules[path].Factor.Should().BeApproximately(module.GetProperty("scaling").GetDouble(), 1e-12, path);
        }
    }

    [ReferenceTheory]
    [MemberData(nameof(Names))]
    public void What_is_saved_again_is_read_as_the_same_adapter(string name)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name, ReferenceFolder.Models);
        using var moe = Attach(reference, ScalarType.Float32);
        var folder = Directory.CreateTempSubdirectory("comigs");
        moe.Save(folder.FullName);

        var again = PeftAdapter.Read(Path.Combine(folder.FullName, "specialist-0")).Modules.ToDictionary(m => m.Path);

        foreach (var module in PeftAdapter.Read(AdapterOf(reference)).Modules)
        {
            again.Remove(module.Path, out var kept).Should().BeTrue(module.Path);
            kept!.Config.Should().Be(module.Config);
            kept.A.ShouldMatch(module.A, 0, module.Path);
            kept.B.ShouldMatch(module.B, 0, module.Path);
        }

        again.Should().BeEmpty();
        using var own = Config(Path.Combine(folder.FullName, "specialist-0"));
        using var theirs = Config(AdapterOf(reference));
        own.RootElement.EnumerateObject().Select(f => f.Name).Should().Equal(theirs.RootElement.EnumerateObject().Select(f => f.Name));
        own.RootElement.GetProperty("fan_in_fan_out").GetBoolean().Should().Be(theirs.RootElement.GetProperty("fan_in_fan_out").GetBoolean());
        own.RootElement.GetProperty("base_model_name_or_path").GetString().Should().Be(BaseOf(reference));
        folder.Delete(recursive: true);
    }

    [ReferenceTheory]
    [MemberData(nameof(Names))]
    public void A_number_of_an_adapter_that_is_off_by_a_millionth_is_noticed(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var reference = new ReferenceCase(name, ReferenceFolder.Models);
        var adapter = Path.Combine(name, "adapter_model.safetensors");
        using var falsified = new FalsifiedCase(ReferenceFolder.Models, name, adapter, SafetensorsFile.Read(Path.Combine(ReferenceFolder.Models, adapter)).Keys.First());
        using var moe = Attach(reference, ScalarType.Float64, Path.Combine(falsified.Folder, name));

        FluentActions.Invoking(() => Check(reference, moe.Model, ScalarType.Float64)).Should().Throw<Xunit.Sdk.XunitException>();
    }

    private static string AdapterOf(ReferenceCase reference) => Path.Combine(ReferenceFolder.Models, reference.Manifest.GetProperty("adapter").GetString()!);

    private static string BaseOf(ReferenceCase reference) => Path.Combine(ReferenceFolder.Models, reference.Manifest.GetProperty("base_checkpoint").GetString()!);

    private static JsonDocument Config(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json")));

    private static MoeModel Attach(ReferenceCase reference, ScalarType type, string? adapter = null)
    {
        var moe = Pretrained.Load(BaseOf(reference), new() { Type = type }).AddAdapter(adapter ?? AdapterOf(reference));
        moe.Model.to(type);
        moe.Model.eval();
        return moe;
    }

    private static void Check(ReferenceCase reference, nn.Module<Tensor, Tensor> model, ScalarType type)
    {
        var logits = model.call(reference.Input("input.ids").to(ScalarType.Int64));
        var targets = reference.Input("input.targets").to(ScalarType.Int64);
        var losses = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction: nn.Reduction.None).reshape(targets.shape);
        foreach (var (name, actual) in new[] { ("out.logits", logits), ("out.token_loss", losses), ("out.ce", LanguageModelLoss.Mean(logits, targets)) })
        {
            var expected = reference.Result(name, type)!;
            actual.ShouldMatch(expected, reference.Tolerance(name, type, expected), name);
        }
    }
}
