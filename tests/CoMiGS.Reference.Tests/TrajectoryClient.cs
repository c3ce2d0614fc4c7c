using System.Text.Json;
using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Training;
using TorchSharp.Modules;

namespace CoMiGS.Reference.Tests;

/// <summary>
/// One client of a trajectory: the library's model and trainer on the very windows of the trace. A hook on the last norm compares the loss of every forward
/// pass with the trace as it happens.
/// </summary>
internal sealed class TrajectoryClient : IDisposable
{
    private readonly Trajectory _trajectory;
    private readonly Queue<JsonElement> _trace;
    private readonly OfficialBalance _balance;
    private TokenBatch? _batch;
    private double _crossEntropy;

    public TrajectoryClient(Trajectory trajectory, int index, string variant, ScalarType type)
    {
        _trajectory = trajectory;
        Index = index;
        Type = type;
        var experts = trajectory.Manifest.GetProperty("clients")[index];
        var init = trajectory.Case.Group($"client{index}_init.");
        Moe = OfficialModel.Build(trajectory.Manifest.GetProperty("config"), experts, trajectory.Case.Group("base."), init, type, trajectory.Strategy);
        var routers = init.ToDictionary(p => p.Key, p => p.Value.to(type));
        var weight = trajectory.Manifest.GetProperty("config").GetProperty("load_balancing_lambda").GetDouble();
        _balance = new OfficialBalance(Moe, routers, OfficialModel.Number(experts, "expert0_importance") ?? 0.5, weight, OfficialModel.Int(experts, "topk_exp"));
        _trace = new(trajectory.Manifest.GetProperty($"trace_{variant}").EnumerateArray().Where(e => OfficialModel.Int(e, "client") == index));
        var model = (LanguageModel)Moe.Model;
        var norm = (LayerNorm)model.named_children().Single(c => c.name == "ln_f").module;
        norm.register_forward_hook((_, _, states) =>
        {
            using var noGrad = no_grad();
            _crossEntropy = LanguageModelLoss.Mean(nn.functional.linear(states, model.HeadWeight), _batch!.Targets).ToDouble();
            return states;
        });
        Trainer = new BilevelTrainer(Moe, new Traced(this, "train"), new Traced(this, "valid"), trajectory.Options(alone: type == ScalarType.Float64)) { Penalty = new Compared(this) };
    }

    public int Index { get; }

    public ScalarType Type { get; }

    public MoeModel Moe { get; }

    public BilevelTrainer Trainer { get; }

    /// <summary>Forward passes compared so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Forward passes of the trace that are still to come.</summary>
    public int Left => _trace.Count;

    /// <summary>Runs the evaluation passes that end the trace.</summary>
    public void Evaluate()
    {
        using var noGrad = no_grad();
        while (_trace.TryPeek(out var entry) && entry.GetProperty("used_by").GetString() == "eval")
        {
            using var scope = NewDisposeScope();
            Moe.Model.call(Next("test").Inputs);
            Compare(_balance.Compute(Moe));
        }
    }

    /// <summary>The total loss of the next forward pass of the trace, compared with it.</summary>
    public Tensor Loss(string part)
    {
        var batch = Next(part);
        return LanguageModelLoss.Mean(Moe.Model.call(batch.Inputs), batch.Targets) + Compare(_balance.Compute(Moe));
    }

    /// <summary>Compares all trained parameters with the trace's end.</summary>
    public void CheckFinal(string variant)
    {
        using var scope = NewDisposeScope();
        var expected = _trajectory.Case.Group($"client{Index}_final_{variant}.", Type);
        foreach (var parameter in Moe.Parameters)
        {
            var value = expected[OfficialModel.OfficialName(parameter)];
            parameter.Value.ShouldMatch(value, _trajectory.ParameterTolerance(Type), $"client {Index}, final {parameter.Name}");
        }
    }

    /// <summary>The batch of the next forward pass of the trace.</summary>
    public TokenBatch Next(string part)
    {
        var entry = _trace.Peek();
        entry.GetProperty("part").GetString().Should().Be(part, "the trainer has to ask for the split that the trace used next");
        var tokens = _trajectory.Case.Input($"data.{part}{Index}").to(ScalarType.Int64);
        var starts = entry.GetProperty("starts").EnumerateArray().Select(s => s.GetInt64()).ToList();
        var window = _trajectory.Hyper("seq");
        return _batch = new TokenBatch(
            stack(starts.Select(s => tokens.narrow(0, s, window))),
            stack(starts.Select(s => tokens.narrow(0, s + 1, window))));
    }

    /// <summary>Compares the pass that has just run, whose penalty this is.</summary>
    public Tensor Compare(Tensor penalty)
    {
        var entry = _trace.Dequeue();
        var suffix = Type == ScalarType.Float32 ? "_f32" : "";
        var at = $"client {Index}, pass {Passes++} ({entry.GetProperty("used_by").GetString()} in round {OfficialModel.Int(entry, "round")})";
        _crossEntropy.Should().BeApproximately(entry.GetProperty("ce" + suffix).GetDouble(), _trajectory.LossTolerance(Type), at);
        (_crossEntropy + penalty.ToDouble()).Should().BeApproximately(entry.GetProperty("total" + suffix).GetDouble(), _trajectory.LossTolerance(Type), at);
        return penalty;
    }

    public void Dispose()
    {
        Trainer.Dispose();
        _balance.Dispose();
        Moe.Dispose();
    }

    private sealed class Traced(TrajectoryClient client, string part) : IBatchSource
    {
        public long Cursor { get; set; }

        public TokenBatch NextBatch()
        {
            Cursor++;
            return client.Next(part);
        }
    }

    private sealed class Compared(TrajectoryClient client) : ITrainingPenalty
    {
        public Tensor Compute(MoeModel model) => client.Compare(client._balance.Compute(model));
    }
}
