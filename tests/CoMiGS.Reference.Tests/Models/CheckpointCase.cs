using System.Text.Json;
using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Training;

namespace CoMiGS.Reference.Tests.Models;

/// <summary>One part of a checkpoint case, ready to run in one type: the bare model, with adapters (lora), or with experts (moe).</summary>
internal sealed class CheckpointCase : IDisposable
{
    public const string Kind = "hf_checkpoint";
    public const string Bare = "bare";
    private const string Lora = "lora";
    private const string Mixture = "moe";

    private readonly ReferenceCase _case;
    private readonly ScalarType _type;
    private readonly string _prefix;
    private readonly LanguageModel _model;
    private readonly MoeModel? _moe;

    public CheckpointCase(string name, string part, Pass pass, string? folder = null)
    {
        folder ??= ReferenceFolder.Models;
        _case = new ReferenceCase(name, folder);
        _type = pass.Type();
        _prefix = part == Bare ? "" : part + ".";
        _model = Pretrained.Load(Path.Combine(folder, _case.Manifest.GetProperty("checkpoint").GetString()!), new() { Type = _type });
        if (part != Bare)
        {
            _moe = _model.AddExperts(Options(_case.Manifest.GetProperty(part), part == Mixture, pass.UsesKernel()));
            Fill(_moe, _case.Group(_prefix + "param."), part);
            _model.to(_type);
        }

        Logits = _model.call(_case.Input("input.ids").to(ScalarType.Int64));
        CrossEntropy = LanguageModelLoss.Mean(Logits, Targets);
    }

    /// <summary>The parts that a case has.</summary>
    public static IEnumerable<string> Parts(string name)
    {
        var manifest = ReferenceFolder.Manifest(name, ReferenceFolder.Models);
        return new[] { Bare, Lora, Mixture }.Where(part => part == Bare || manifest.TryGetProperty(part, out _));
    }

    public Tensor Logits { get; }

    public Tensor CrossEntropy { get; }

    public Tensor TokenLosses => nn.functional.cross_entropy(Logits.flatten(0, 1), Targets.flatten(), reduction: nn.Reduction.None).reshape(Targets.shape);

    private Tensor Targets => _case.Input("input.targets").to(ScalarType.Int64);

    public void Dispose() => _model.Dispose();

    /// <summary>Compares a result with the reference of the same name in this part.</summary>
    public void Check(string name, Tensor actual) => Compare(_prefix + name, actual, _prefix + name);

    /// <summary>Compares the gradient of every adapter and router that the reference has one for.</summary>
    public void CheckGradients()
    {
        var expected = _case.Group(_prefix + "grad.", _type);
        if (_moe is null)
        {
            return;
        }

        expected.Should().NotBeEmpty();
        CrossEntropy.backward();
        var parameters = ByName(_moe);
        foreach (var name in expected.Keys)
        {
            if (HasNoRouter(_moe, name))
            {
                expected[name].abs().max().ToDouble().Should().BeLessThan(1e-12, "a single expert leaves {0} nothing to learn", name);
                continue;
            }

            Compare(_prefix + "grad." + name, parameters[Here(name)].grad!, _prefix + "grad");
        }
    }

    /// <summary>Compares what the routers said; there is nothing to compare where nothing is routed.</summary>
    public void CheckRouting()
    {
        for (var layer = 0; _case.Result($"{_prefix}mid.router_logits.{layer}", _type) is { } logits; layer++)
        {
            var routing = _moe!.Blocks[layer].LastRouting!;
            if (routing.Logits is { } scores)
            {
                Compare($"{_prefix}mid.router_logits.{layer}", scores.reshape(logits.shape), _prefix + "mid");
            }

            var selected = _case.Input($"{_prefix}mid.selected.{layer}").to(ScalarType.Int64);
            Compare($"{_prefix}mid.weights.{layer}", routing.Gates.reshape(logits.shape).gather(-1, selected), _prefix + "mid");
        }
    }

    private void Compare(string name, Tensor actual, string quantity)
    {
        var expected = _case.Result(name, _type)!;
        actual.ShouldMatch(expected, _case.Tolerance(quantity, _type, expected), name);
    }

    private static ExpertOptions Options(JsonElement part, bool routed, bool kernel)
    {
        var experts = routed ? part.GetProperty("experts").GetInt32() : 1;
        var rank = part.GetProperty("rank").GetInt32();
        return new ExpertOptions
        {
            UseKernel = kernel,
            Generalists = 1,
            Specialists = experts - 1,
            TopK = routed ? Math.Min(part.GetProperty("top_k").GetInt32(), experts) : null,
            Rank = rank,
            AttentionRank = routed ? 0 : rank, // adapters that the case does not name stay what they are at first: without effect
            Alpha = part.GetProperty("scaling").GetDouble() * rank,
            Scaling = LoraScaling.Classic,
            LoadBalance = 0,
        };
    }

    private static void Fill(MoeModel moe, IReadOnlyDictionary<string, Tensor> values, string part)
    {
        values.Should().NotBeEmpty(part);
        using var noGrad = no_grad();
        var parameters = ByName(moe);
        foreach (var (name, value) in values.Where(v => !HasNoRouter(moe, v.Key)))
        {
            parameters[Here(name)].copy_(value);
        }
    }

    private static bool HasNoRouter(MoeModel moe, string name) => moe.Layout.Experts == 1 && name.Contains(".mlp.router.", StringComparison.Ordinal);

    private static Dictionary<string, TorchSharp.Modules.Parameter> ByName(MoeModel moe) => moe.Parameters.ToDictionary(p => p.Name, p => p.Value);

    /// <summary>The library's name of a parameter: an adapter on the feed-forward is the one expert of a block without a router.</summary>
    private static string Here(string name)
    {
        var bare = name.StartsWith("transformer.", StringComparison.Ordinal) ? name["transformer.".Length..] : name;
        return bare.Contains(".mlp.experts.", StringComparison.Ordinal) || bare.Contains(".mlp.router.", StringComparison.Ordinal) ? bare : bare.Replace(".mlp.", ".mlp.experts.0.", StringComparison.Ordinal);
    }
}
