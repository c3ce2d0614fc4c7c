using System.Text.Json;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>PCL, strategy 2: perplexities of every client's adapters on every client's validation text, the trust that follows, and the mixed adapters.</summary>
[Trait("Category", "Reference")]
public sealed class PeerTrustTests
{
    private const double TheReleasedCodesE = 2.71828;
    private static readonly SharedRoles Everything = SharedRoles.Of(Enum.GetValues<ParameterRole>());

    public static TheoryData<string> Cases() => ReferenceFolder.Cases("pcl");

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public async Task A_round_through_the_transport_mixes_by_the_perplexities_that_the_released_code_finds(string name)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name);
        var count = OfficialModel.Int(reference.Manifest, "n");
        var models = Enumerable.Range(0, count).Select(i => Client(reference, i)).ToList();
        var perplexities = models.Select(_ => new List<double>()).ToList();
        var trusts = new List<PeerTrust>();
        var transport = new InMemoryTransport();
        using var coordinator = new Coordinator(new RoundOptions { Count = 1, LocalSteps = 1, MinimumDevices = count }, new PeerTrustStrategy());
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);
        var devices = models.Select((model, i) =>
        {
            var recorded = new RecordedClient(model, 1, Everything, _ => reference.Group($"client{i}_in."));
            trusts.Add(new PeerTrust(recorded, () => Perplexity(reference, model, i, perplexities[i])));
            return new FederatedDevice("run", $"client{i}", trusts[i], transport).RunAsync();
        }).ToList();

        await Task.WhenAll(devices);
        await stop.CancelAsync();
        await serving;

        for (var i = 0; i < count; i++)
        {
            tensor(perplexities[i].ToArray()).ShouldMatch(reference.Group("", ScalarType.Float64)["val_ppl"].select(0, i), 1e-9 * perplexities[i].Max(), $"perplexities on client {i}'s text");
            // the released code takes the softmax in float32, even of float64 perplexities
            tensor(Enumerable.Range(0, count).Select(j => trusts[i].Trust[$"client{j}"]).ToArray())
                .ShouldMatch(reference.Group("", ScalarType.Float64)["trust"].select(0, i), 1e-6, $"trust of client {i}");
            Check(reference, models[i], $"client{i}_out.");
            models[i].Dispose();
        }
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void A_softer_matrix_mixes_as_the_released_code_mixes(string name)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name);
        var models = Enumerable.Range(0, OfficialModel.Int(reference.Manifest, "n")).Select(i => Client(reference, i)).ToList();
        var peers = models.Select((model, i) => new RecordedClient(model, 1, Everything, _ => reference.Group($"client{i}_in.")).Export()).ToList();

        for (var i = 0; i < models.Count; i++)
        {
            var trust = reference.Input("trust_flat").select(0, i).to(ScalarType.Float64).data<double>().ToArray();
            var mixed = PeerSet.Mix(peers, trust);

            foreach (var (parameter, tensor) in models[i].Parameters.Zip(mixed))
            {
                var value = reference.Group($"client{i}_out_flat.")[OfficialModel.OfficialName(parameter)];
                AggregationCase.Of(tensor).ShouldMatch(value, reference.Tolerance("", ScalarType.Float32, value), parameter.Name);
            }
        }

        models.ForEach(model => model.Dispose());
    }

    private static MoeModel Client(ReferenceCase reference, int index)
    {
        var experts = JsonSerializer.SerializeToElement(new { expert_num = OfficialModel.Int(reference.Manifest, "experts"), is_no_router = OfficialModel.Flag(reference.Manifest, "is_no_router") });
        return OfficialModel.Build(reference.Manifest.GetProperty("base"), experts, reference.Group("base."), reference.Group($"client{index}_in."), ScalarType.Float64);
    }

    /// <summary>On the windows that the released code drew for this pair, with its e.</summary>
    private static double Perplexity(ReferenceCase reference, MoeModel model, int client, List<double> found)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        model.Model.eval();
        var tokens = reference.Input($"valid{client}").to(ScalarType.Int64);
        var window = OfficialModel.Int(reference.Manifest, "seq");
        var batches = reference.Input("starts").select(0, client).select(0, found.Count).to(ScalarType.Int64); // (batches, B)
        var losses = Enumerable.Range(0, (int)batches.shape[0]).Select(batch =>
        {
            var starts = batches.select(0, batch).data<long>().ToArray();
            var inputs = stack(starts.Select(s => tokens.narrow(0, s, window)));
            return LanguageModelLoss.Mean(model.Model.call(inputs), stack(starts.Select(s => tokens.narrow(0, s + 1, window)))).ToDouble();
        });
        found.Add(Math.Pow(TheReleasedCodesE, losses.Average()));
        return found[^1];
    }

    private static void Check(ReferenceCase reference, MoeModel model, string group)
    {
        var expected = reference.Group(group);
        var seen = (reference.Result("trust", ScalarType.Float32)!.to(ScalarType.Float64) - reference.Result("trust", ScalarType.Float64)!).abs().max().ToDouble();
        foreach (var parameter in model.Parameters)
        {
            var value = expected[OfficialModel.OfficialName(parameter)];
            parameter.Value.ShouldMatch(value, Math.Max(1e-6, 10 * seen) * Math.Max(1, value.abs().max().ToDouble()), group + parameter.Name);
        }
    }
}
