using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>Experts in models of somebody else's class are saved and loaded as those in the library's own.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;

    public static TheoryData<string> Ways => [.. Cases.Keys];

    private static readonly Dictionary<string, Func<ExpertOptions>> Cases = new()
    {
        ["feed-forwards"] = () => new ExpertOptions { AttentionModules = ["q_proj"] }.FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => nn.functional.gelu(x), m.drop.call)),
        ["single layers"] = () => new ExpertOptions { TargetModules = "all-linear", Specialists = 2 },
        ["one expert beside single layers"] = () => new ExpertOptions { TargetModules = ["q_proj", "v_proj"], Specialists = 0, AttentionRank = 0 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_was_trained_and_saved_is_loaded_bit_for_bit(string way)
    {
        using var trained = new Foreign().AddExperts(Cases[way]());
        using (var trainer = new BilevelTrainer(trained, Tiny.Data(), new() { BatchSize = 2, Window = Tiny.Window, RouterEvery = 2, RouterSteps = 1 }))
        {
            trainer.Train(4);
        }

        trained.Save(Path.Combine(_root, "anna"));
        var options = Cases[way]();
        options.Seed = 99;
        using var fresh = new Foreign().AddExperts(options);
        fresh.Load(Path.Combine(_root, "anna"));

        Values(fresh).Should().Equal(Values(trained));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var ids = arange(24).reshape(2, 12);
        fresh.Model.call(ids).equal(trained.Model.call(ids)).all().item<bool>().Should().BeTrue();
        Directory.GetDirectories(Path.Combine(_root, "anna")).Select(Path.GetFileName).Should().BeEquivalentTo(trained.AdapterGroups().Select(g => g.Name));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static IEnumerable<float> Values(MoeModel model) => model.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray());
}
