using CoMiGS.Data;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Federation.Methods;

public sealed class ExpertChoiceTests
{
    private static readonly ExpertOptions Biased = new() { RouterBias = true };

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(0.75, 0.25)]
    public void The_gates_of_the_least_loss_are_written_into_the_routers(double generalist, double specialist)
    {
        using var moe = Tiny.Moe(Biased);
        var choice = new ExpertChoice(new FakeTraining(0), moe, () => Given(moe) is { } gates && Math.Abs(gates[0] - generalist) < 1e-6 ? 1 : 2);

        choice.Finish(CancellationToken.None);

        choice.Chosen.Should().Equal(generalist, specialist);
        using var scope = NewDisposeScope();
        foreach (var router in moe.Blocks.Select(b => b.Router))
        {
            var gates = router.Route(randn(3, Tiny.Size.Width)).Gates.data<float>().ToArray();
            gates.Where((_, i) => i % 2 == 0).Should().OnlyContain(gate => Math.Abs(gate - generalist) < 1e-6);
        }
    }

    [Fact]
    public void Routers_that_do_best_stay_as_they_are()
    {
        using var moe = Tiny.Moe(Biased);
        var before = Routers(moe);
        var choice = new ExpertChoice(new FakeTraining(0), moe, () => Given(moe) is null ? 1 : 2);

        choice.Finish(CancellationToken.None);

        choice.Chosen.Should().BeNull();
        Routers(moe).Should().Equal(before);
    }

    [Fact]
    public void Of_many_experts_of_which_a_token_takes_two_every_one_and_every_pair_is_tried()
    {
        using var moe = Tiny.Moe(new() { Generalists = 1, Specialists = 3, RouterBias = true });
        var tried = new List<string>();
        var choice = new ExpertChoice(new FakeTraining(0), moe, () =>
        {
            tried.Add(string.Join(' ', Given(moe) ?? []));
            return 1;
        });

        choice.Finish(CancellationToken.None);

        tried.Should().HaveCount(1 + 4 + (3 * 3)).And.OnlyHaveUniqueItems().And.Contain("0 0 1 0").And.Contain("0.25 0 0 0.75");
    }

    [Fact]
    public void Routers_without_a_bias_are_refused()
    {
        using var plain = Tiny.Moe();
        using var mean = Tiny.Moe(new() { Router = RouterKind.Mean });

        foreach (var moe in new[] { plain, mean })
        {
            moe.Invoking(m => new ExpertChoice(new FakeTraining(0), m, () => 1)).Should().Throw<ArgumentException>().WithMessage("*routers' bias*RouterBias*");
        }
    }

    [Fact]
    public async Task After_a_run_no_expert_alone_is_better_on_validation()
    {
        var services = new ServiceCollection();
        var comigs = services.AddCoMiGS().AddCoordinator(c => c.UseRounds(r => (r.Count, r.LocalSteps, r.MinimumDevices) = (2, 4, 2)).UseTransport(t => t.InMemory()));
        foreach (var (name, seed) in new[] { ("anna", 1L), ("ben", 2L) })
        {
            comigs.AddDevice(name, d => d
                .UseModel(_ => Tiny.Gpt())
                .UseExperts(e => e.Seed(seed).RouteAttention())
                .UseRouter(r => r.Bias())
                .UseBilevelTraining(t => (t.Window, t.BatchSize, t.LearningRate, t.GeneralistLoss, t.SpecialistLoss) = (Tiny.Window, 4, 1e-2, 1, 1))
                .UseData(_ => Tiny.Data(seed))
                .UseTransport(t => t.InMemory())
                .ChooseOnValidation());
        }

        await using var provider = services.BuildServiceProvider();
        var federation = provider.GetRequiredService<InProcessFederation>();
        await federation.RunAsync();

        foreach (var device in federation.Devices)
        {
            var chosen = Loss(device.Model, device.Data);
            foreach (var gates in new double[][] { [1, 0], [0, 1], [0.5, 0.5] })
            {
                using var given = device.Model.WithGates(gates);
                Loss(device.Model, device.Data).Should().BeGreaterThanOrEqualTo(chosen - 1e-6);
            }
        }

        static double Loss(MoeModel moe, DeviceData data) => Evaluation.Run(moe.Model, data.Valid, Tiny.Window, 4).Loss;
    }

    /// <summary>The gates that stand in for the routers, or null while these decide.</summary>
    private static double[]? Given(MoeModel moe)
    {
        using var scope = NewDisposeScope();
        using var recording = moe.RecordRouting(keepTokens: true);
        using var noGrad = no_grad();
        moe.Model.call(arange(4, ScalarType.Int64).reshape(1, 4));
        var gates = recording.Layers[0].Gates;
        return gates.All(token => token.SequenceEqual(gates[0])) ? [.. gates[0].Select(gate => Math.Round(gate, 4))] : null;
    }

    private static float[] Routers(MoeModel moe) => [.. moe.Parameters.Where(p => p.Role == ParameterRole.Router).SelectMany(p => p.Value.detach().data<float>().ToArray())];
}
