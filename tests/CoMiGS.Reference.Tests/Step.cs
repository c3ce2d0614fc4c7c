using System.Text.Json;
using CoMiGS.Data;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using CoMiGS.Training;

namespace CoMiGS.Reference.Tests;

/// <summary>A single-step case, ready to run in one type.</summary>
internal sealed class Step : IDisposable
{
    private readonly ScalarType _type;
    private readonly JsonElement _config;
    private readonly bool _fused;

    public Step(string name, Pass pass, string? folder = null)
    {
        _type = pass.Type();
        _fused = pass != Pass.Composed;
        Case = new ReferenceCase(name, folder);
        _config = Case.Manifest.GetProperty("config");
        var parameters = Case.Group("param.");
        Moe = OfficialModel.Build(_config, _config, parameters, parameters, _type, kernel: pass.UsesKernel());
        Official = Balance(UnselectedLogits.Zero);
    }

    public ReferenceCase Case { get; }

    public MoeModel Moe { get; }

    public OfficialBalance Official { get; }

    public double Weight => OfficialModel.Number(_config, "load_balancing_lambda") ?? 0;

    /// <summary>The cross-entropy of the last forward pass.</summary>
    public Tensor CrossEntropy { get; private set; } = null!;

    public void Dispose()
    {
        Official.Dispose();
        Moe.Dispose();
    }

    /// <summary>Logits and the total loss as the released code forms it.</summary>
    public (Tensor Logits, Tensor Total) Forward(string batch)
    {
        var (ids, targets) = Batch(batch);
        var logits = Moe.Model.call(ids);
        CrossEntropy = _fused ? LanguageModelLoss.Mean(Moe.Model, ids, targets) : LanguageModelLoss.Mean(logits, targets);
        return (logits, CrossEntropy + Extra());
    }

    public Tensor TokenLosses(Tensor logits, string batch)
    {
        var (_, targets) = Batch(batch);
        return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction: nn.Reduction.None).reshape(targets.shape);
    }

    public ImportanceBalanceLoss Corrected(UnselectedLogits unselected) => new(1, Share, unselected);

    /// <summary>The released code's loss, but with unselected logits masked, for the first batch.</summary>
    public Tensor MaskedLayers()
    {
        using var masked = Balance(UnselectedLogits.Masked);
        Forward("input");
        return stack(masked.Layers());
    }

    /// <summary>HetLoRA's regulariser: per expert and matrix, the norm of the last rows of A times that of the last columns of B.</summary>
    public Tensor Pruning()
    {
        var adapters = Moe.Parameters.Where(p => p.Role is ParameterRole.Generalist or ParameterRole.Specialist).GroupBy(p => p.Pair)
            .Select(pair => (A: pair.Single(p => p.Factor == LoraFactor.A), B: pair.Single(p => p.Factor == LoraFactor.B)));
        return new TailPenalty(new Nothing(), () => adapters.Select(pair => (pair.A, pair.B, (int)pair.A.Value.shape[0])), _config.GetProperty("pruning_strength").GetDouble(), weight: 1).Compute(Moe);
    }

    /// <summary>The library's own trainer on the two batches of the case, with the released code's extra terms as its penalty.</summary>
    public BilevelTrainer Trainer() => new(Moe, new Fixed(this, "input"), new Fixed(this, "input2"), Options()) { Penalty = new ExtraTerms(this) };

    public optim.Optimizer AdamW(IEnumerable<TorchSharp.Modules.Parameter> parameters)
    {
        var options = Options();
        return optim.AdamW(parameters, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
    }

    public void Check(string name, Tensor actual)
    {
        var expected = Case.Result(name, _type)!;
        actual.reshape(expected.shape).ShouldMatch(expected, Case.Tolerance(name, _type, expected), name);
    }

    /// <summary>Compares the gradient of a loss; a parameter the reference has no gradient for must have none, or zeros.</summary>
    public void CheckGradients(string group, Tensor loss)
    {
        var expected = Case.Group(group, _type);
        var parameters = Moe.Parameters;
        if (expected.Count == 0 || !loss.requires_grad)
        {
            return;
        }

        var gradients = autograd.grad([loss], parameters.Select(p => (Tensor)p.Value).ToList(), retain_graph: true, allow_unused: true);
        foreach (var (parameter, gradient) in parameters.Zip(gradients))
        {
            Compare(expected.GetValueOrDefault(OfficialModel.OfficialName(parameter)), gradient, group.TrimEnd('.'), parameter);
        }
    }

    public void CheckRouterGradients(string group)
    {
        var expected = Case.Group(group, _type);
        foreach (var router in Moe.Parameters.Where(p => p.Role == ParameterRole.Router))
        {
            Compare(expected.GetValueOrDefault(OfficialModel.OfficialName(router)), router.Value.grad, group.TrimEnd('.'), router);
        }
    }

    public void CheckParameters(string group, bool router)
    {
        var expected = Case.Group(group, _type);
        var checkedParameters = Moe.Parameters.Where(p => (p.Role == ParameterRole.Router) == router).ToList();
        foreach (var parameter in checkedParameters)
        {
            // A first AdamW step is almost lr * sign(gradient), so a rounded gradient moves it by an absolute amount.
            var value = expected[OfficialModel.OfficialName(parameter)];
            var tolerance = _type == ScalarType.Float64 ? Case.Tolerance(group.TrimEnd('.'), _type, value) : 2e-5;
            parameter.Value.ShouldMatch(value, tolerance, group + parameter.Name);
        }

        checkedParameters.Should().NotBeEmpty();
    }

    private double Share => OfficialModel.Number(_config, "expert0_importance") ?? 0.5;

    private void Compare(Tensor? expected, Tensor? actual, string quantity, NamedParameter parameter)
    {
        if (expected is null)
        {
            (actual is null || actual.IsInvalid || actual.abs().max().ToDouble() < 1e-15).Should().BeTrue("{0} has no gradient in the released code", parameter.Name);
            return;
        }

        actual.Should().NotBeNull(parameter.Name);
        actual!.ShouldMatch(expected, Case.Tolerance(quantity, _type, expected), $"{quantity} of {parameter.Name}");
    }

    private Tensor Extra()
    {
        var extra = Official.Compute(Moe);
        return OfficialModel.Flag(_config, "pruning") ? extra + (Pruning() * _config.GetProperty("pruning_lambda").GetDouble()) : extra;
    }

    private OfficialBalance Balance(UnselectedLogits unselected) =>
        new(Moe, Case.Group("param.").ToDictionary(p => p.Key, p => p.Value.to(_type)), Share, Weight, OfficialModel.Int(_config, "topk_exp"), unselected);

    private (Tensor Ids, Tensor Targets) Batch(string name) => (Case.Input($"{name}.ids").to(ScalarType.Int64), Case.Input($"{name}.targets").to(ScalarType.Int64));

    private BilevelOptions Options()
    {
        var optimizer = Case.Manifest.GetProperty("optimizer");
        var betas = optimizer.GetProperty("betas");
        return new BilevelOptions
        {
            LearningRate = optimizer.GetProperty("learning_rate").GetDouble(),
            WeightDecay = optimizer.GetProperty("weight_decay").GetDouble(),
            Beta1 = betas[0].GetDouble(),
            Beta2 = betas[1].GetDouble(),
            Epsilon = optimizer.GetProperty("eps").GetDouble(),
        };
    }

    private sealed class Fixed(Step step, string batch) : IBatchSource
    {
        public long Cursor { get; set; }

        public TokenBatch NextBatch()
        {
            Cursor++;
            var (ids, targets) = step.Batch(batch);
            return new TokenBatch(ids, targets);
        }
    }

    private sealed class Nothing : ITrainingPenalty
    {
        public Tensor Compute(MoeModel model) => zeros([], model.Parameters[0].Value.dtype);
    }

    private sealed class ExtraTerms(Step step) : ITrainingPenalty
    {
        public Tensor Compute(MoeModel model) => step.Extra();
    }
}
