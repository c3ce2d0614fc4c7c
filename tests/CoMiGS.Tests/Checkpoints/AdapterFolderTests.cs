using CoMiGS.Checkpoints;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class AdapterFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;

    private string Anna => Path.Combine(_root, "anna");

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit()
    {
        using var trained = Trained();
        trained.Save(Anna);
        using var fresh = Tiny.Moe(new ExpertOptions { Seed = 99 });

        fresh.Load(Anna);

        Values(fresh).Should().Equal(Values(trained));
    }

    [Fact]
    public void Every_expert_has_a_folder_in_the_layout_of_PEFT()
    {
        using var moe = Trained();

        moe.Save(Anna);

        Directory.GetFiles(Anna, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Anna, f)).Should().BeEquivalentTo(
            "comigs.json", "router.safetensors",
            "attention/adapter_config.json", "attention/adapter_model.safetensors",
            "generalist-0/adapter_config.json", "generalist-0/adapter_model.safetensors",
            "specialist-0/adapter_config.json", "specialist-0/adapter_model.safetensors");
        using var scope = NewDisposeScope();
        SafetensorsFile.Read(Path.Combine(Anna, "generalist-0", "adapter_model.safetensors")).Keys.Should().Contain("base_model.model.transformer.h.0.mlp.c_fc.lora_A.weight");
        File.ReadAllText(Path.Combine(Anna, "generalist-0", "adapter_config.json")).Should().Contain("\"peft_type\": \"LORA\"").And.Contain("\"use_rslora\": true").And.Contain("\"r\": 8");
    }

    [Fact]
    public void Saving_again_replaces_the_folder_and_leaves_nothing_beside_it()
    {
        using var moe = Trained();
        moe.Save(Anna);
        File.WriteAllText(Path.Combine(Anna, "old.txt"), "old");

        moe.Save(Anna);

        File.Exists(Path.Combine(Anna, "old.txt")).Should().BeFalse();
        Directory.GetFileSystemEntries(_root).Should().ContainSingle();
    }

    [Fact]
    public void Adapters_of_another_layout_are_refused_with_every_difference()
    {
        using var moe = Trained();
        moe.Save(Anna);
        using var other = Tiny.Moe(new ExpertOptions { Specialists = 2, Rank = 4, AttentionRank = 0 });
        var before = Values(other);

        var act = () => other.Load(Anna);

        act.Should().Throw<InvalidDataException>().WithMessage("*specialists is 1, but the model has 2*").WithMessage("*r is 8, but the model has 4*").WithMessage("*attention_r is 8, but the model has 0*");
        Values(other).Should().Equal(before);
    }

    [Fact]
    public void Adapters_of_another_base_are_refused()
    {
        using var moe = Trained();
        moe.Save(Anna);
        using var other = new CoMiGS.Models.Gpt(new() { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 2, Width = 16, Seed = 8 }).AddExperts();

        other.Invoking(o => o.Load(Anna)).Should().Throw<InvalidDataException>().WithMessage("*base_fingerprint is*Load the base model these adapters were trained on, in the same type*");
    }

    [Fact]
    public void Everything_that_is_damaged_is_listed_by_name_and_nothing_is_changed()
    {
        using var moe = Trained();
        moe.Save(Anna);
        var file = Path.Combine(Anna, "specialist-0", "adapter_model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^10]);
        File.WriteAllText(Path.Combine(Anna, "attention", "adapter_config.json"), "{");
        File.Delete(Path.Combine(Anna, "router.safetensors"));
        using var fresh = Tiny.Moe(new ExpertOptions { Seed = 99 });
        var before = Values(fresh);

        fresh.Invoking(f => f.Load(Anna)).Should().Throw<InvalidDataException>()
            .WithMessage("*specialist-0*cut off*").WithMessage("*attention*adapter_config.json*cut off or edited*").WithMessage("*no safetensors file*router*");
        Values(fresh).Should().Equal(before);
    }

    [Fact]
    public void A_folder_that_Save_did_not_write_is_refused()
    {
        using var moe = Tiny.Moe();

        moe.Invoking(m => m.Load(_root)).Should().Throw<InvalidDataException>().WithMessage("*holds no comigs.json*");
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_named_and_the_model_lives_on()
    {
        using var moe = Trained();
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "in the way");

        moe.Invoking(m => m.Save(file)).Should().Throw<IOException>().WithMessage("*is a file*");

        moe.Save(Anna);
        File.ReadAllText(file).Should().Be("in the way");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static MoeModel Trained()
    {
        var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 1, Window = Tiny.Window, RouterEvery = 2, RouterSteps = 1 });
        trainer.Train(2);
        return moe;
    }

    private static List<float> Values(MoeModel moe) => [.. moe.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];
}
