using System.Text.Json;
using CoMiGS.Layers;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>A whole run of the released code: clients, rounds, windows and losses.</summary>
internal sealed class Trajectory
{
    public Trajectory(string name)
    {
        Case = new ReferenceCase(name);
        Manifest = Case.Manifest;
    }

    public ReferenceCase Case { get; }

    public JsonElement Manifest { get; }

    public string Strategy => Manifest.GetProperty("collaboration_strategy").GetString()!;

    public int Clients => Manifest.GetProperty("clients").GetArrayLength();

    public bool Alternating => Manifest.GetProperty("hyper").GetProperty("alternating").GetBoolean();

    public int Hyper(string name) => OfficialModel.Int(Manifest.GetProperty("hyper"), name);

    /// <param name="alone">Whether the trainer runs outside a federation, which would tell it how many steps the run has.</param>
    public BilevelOptions Options(bool alone)
    {
        var hyper = Manifest.GetProperty("hyper");
        return new BilevelOptions
        {
            LearningRate = hyper.GetProperty("lr").GetDouble(),
            WeightDecay = hyper.GetProperty("weight_decay").GetDouble(),
            Beta1 = hyper.GetProperty("betas")[0].GetDouble(),
            Beta2 = hyper.GetProperty("betas")[1].GetDouble(),
            Epsilon = hyper.GetProperty("eps").GetDouble(),
            TotalSteps = alone ? Hyper("rounds") * Hyper("steps") : null,
            AccumulationSteps = Hyper("acc"),
            RouterEvery = Hyper("router_every"),
            RouterSteps = Hyper("router_iters"),
            RouterSchedule = Alternating ? RouterSchedule.Alternating : RouterSchedule.Joint,
        };
    }

    /// <summary>The server's first shared parameters, under the library's names.</summary>
    public TensorSet ServerStart(MoeModel like)
    {
        var server = Case.Group("server_init.");
        return new TensorSet(like.SharedParameters(OfficialModel.Roles(Strategy)).Select(p =>
            NamedTensor.FromFloats(p.Name, p.Value.shape, server[OfficialModel.OfficialName(p)].contiguous().data<float>().ToArray())));
    }

    public double LossTolerance(ScalarType type) => type == ScalarType.Float64 ? 1e-8 : 10 * Manifest.GetProperty("max_loss_diff_f32_f64").GetDouble();

    public double ParameterTolerance(ScalarType type) => type == ScalarType.Float64 ? 1e-9 : 10 * Manifest.GetProperty("max_param_diff_f32_f64").GetDouble();
}
