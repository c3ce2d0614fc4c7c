using CoMiGS.Experts;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;

namespace CoMiGS.Tests.Federation;

/// <summary>Every device has a rank and a number of specialists of its own: the generalist is combined over all ranks, specialists are nobody else's business.</summary>
public sealed class MixedDevicesTests
{
    private static readonly int[] Ranks = [2, 8, 4, 6];
    private static readonly int[] Specialists = [0, 1, 3, 7];

    [Theory]
    [InlineData("FlexLora")]
    [InlineData("FsLora")]
    public async Task Devices_of_differing_ranks_and_numbers_of_specialists_learn_together(string strategy)
    {
        var tap = new WireTap();
        ServiceProvider? provider = null;
        provider = Compose(strategy, tap.Transport, moment => tap.Look(provider!.GetRequiredKeyedService<CoMiGSDevice>(moment.Device).Model));
        await using var disposal = provider;

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        devices.Select(device => device.Model.Blocks[0].Experts.Count).Should().Equal(Specialists.Select(count => count + 1));
        devices.Select(device => device.Model.Blocks[0].Experts[0].Config.Rank).Should().Equal(Ranks);
        tap.ShouldHaveCarriedNothingPrivate("h.1.mlp.router.weight", "h.0.mlp.experts.1.c_fc.lora_A", "h.0.mlp.experts.7.c_proj.lora_B");
        devices.Skip(1).SelectMany(device => device.Model.Parameters).Where(p => p.Role == ParameterRole.Specialist && p.Factor == LoraFactor.B && p.Name.Contains("experts.1.", StringComparison.Ordinal))
            .Should().OnlyContain(p => Values(p).Any(value => value != 0), "specialists learn, too");
        ShouldHoldOneGeneralist(devices);
    }

    /// <summary>What the device of the highest rank holds, every other holds as well as its rank can: the best approximation, by Eckart and Young.</summary>
    private static void ShouldHoldOneGeneralist(IReadOnlyList<CoMiGSDevice> devices)
    {
        foreach (var layer in new[] { "h.0.mlp.experts.0.c_fc", "h.1.mlp.experts.0.c_proj" })
        {
            var effects = devices.Select(device => Effect(device.Model, layer)).ToList();
            var whole = effects[Array.IndexOf(Ranks, Ranks.Max())];
            var singular = whole.Svd().S;
            singular[0].Should().BePositive();
            foreach (var (effect, rank) in effects.Zip(Ranks))
            {
                (whole - effect).FrobeniusNorm().Should().BeApproximately(Math.Sqrt(singular.Skip(rank).Sum(s => s * s)), 1e-4 * singular[0], "{0}, rank {1}", layer, rank);
            }
        }
    }

    private static Matrix<double> Effect(MoeModel model, string layer)
    {
        var (a, b) = (model.Parameters.Single(p => p.Name == $"{layer}.lora_A"), model.Parameters.Single(p => p.Name == $"{layer}.lora_B"));
        return Matrix(b) * Matrix(a) * a.Pair!.Scale;
    }

    private static DenseMatrix Matrix(NamedParameter parameter)
    {
        var (values, columns) = (Values(parameter), (int)parameter.Value.shape[1]);
        return DenseMatrix.Create((int)parameter.Value.shape[0], columns, (i, j) => values[(i * columns) + j]);
    }

    private static float[] Values(NamedParameter parameter) => parameter.Value.detach().data<float>().ToArray();

    private static ServiceProvider Compose(string strategy, InMemoryTransport wire, Action<DeviceMoment> look)
    {
        var services = new ServiceCollection();
        services.AddSingleton(wire);
        var builder = services.AddCoMiGS();
        foreach (var (rank, specialists) in Ranks.Zip(Specialists))
        {
            builder.AddDevice($"device-{rank}", device => (strategy == "FsLora" ? device.UseFreshMoments() : device)
                .UseModel(_ => Tiny.Gpt())
                .UseExperts(experts => experts.Specialists(specialists).Rank(rank).AttentionRank(rank).Scaling(LoraScaling.Classic).Seed(rank))
                .UseBilevelTraining(training => (training.Window, training.BatchSize, training.RouterEvery, training.RouterSteps, training.Seed) = (Tiny.Window, 2, 2, 1, rank))
                .UseData(_ => Tiny.Data(rank))
                .OnMoment(look)
                .UseTransport(transport => transport.InMemory()));
        }

        builder.AddCoordinator(coordinator => coordinator
            .UseAggregation(aggregation => _ = strategy == "FsLora" ? aggregation.FsLora(options => options.Rank = 8) : aggregation.FlexLora())
            .UseRounds(rounds => (rounds.Count, rounds.LocalSteps, rounds.MinimumDevices) = (3, 2, Ranks.Length))
            .UseTransport(transport => transport.InMemory()));
        return services.BuildServiceProvider();
    }
}
