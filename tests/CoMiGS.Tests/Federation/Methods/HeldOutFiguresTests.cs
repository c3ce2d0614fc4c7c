using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Tests.Federation.Methods;

public sealed class HeldOutFiguresTests
{
    [Fact]
    public void What_is_measured_after_the_steps_is_reported_beside_what_was_reported_anyway()
    {
        using var moe = Tiny.Moe();
        var data = Tiny.Data();
        var figures = new HeldOutFigures(new FakeTraining(0.5f), moe, () => Evaluation.Run(moe.Model, data.Valid, Tiny.Window, 2).Loss);

        var reported = figures.Train(3, 3, CancellationToken.None);

        reported[UpdateMetrics.Loss].Should().Be(0.5, "the training said so");
        reported[UpdateMetrics.HeldOutLoss].Should().Be(Evaluation.Run(moe.Model, data.Valid, Tiny.Window, 2).Loss);
        using var routing = moe.RecordRouting();
        Evaluation.Run(moe.Model, data.Valid, Tiny.Window, 2);
        foreach (var layer in routing.Layers)
        {
            reported[UpdateMetrics.GeneralistShare(layer.Name)].Should().Be(layer.GeneralistShare).And.BeInRange(0.01, 0.99);
        }

        reported.Keys.Where(name => UpdateMetrics.LayerOf(name) is not null).Should().HaveCount(Tiny.Size.Layers);
    }

    [Fact]
    public async Task Reporting_them_changes_no_bit_of_what_is_trained()
    {
        (await TrainAsync(report: true)).Should().Equal(await TrainAsync(report: false));
    }

    private static async Task<float[]> TrainAsync(bool report)
    {
        var services = new ServiceCollection();
        var seen = new List<string>();
        services.AddCoMiGS()
            .AddCoordinator(c => c.UseRounds(r => (r.Count, r.LocalSteps) = (3, 2)).UseTransport(t => t.InMemory()).OnEvent(what => seen.AddRange((what as UpdateAccepted)?.Metrics.Keys ?? [])))
            .AddDevice("anna", d =>
            {
                d.UseModel(_ => Tiny.Gpt()).UseBilevelTraining(t => (t.Window, t.BatchSize, t.RouterEvery, t.RouterSteps) = (Tiny.Window, 2, 2, 1)).UseData(_ => Tiny.Data()).UseTransport(t => t.InMemory());
                if (report)
                {
                    d.ReportHeldOut(batches: 2);
                }
            });
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        seen.Contains(UpdateMetrics.HeldOutLoss).Should().Be(report);
        return [.. provider.GetRequiredService<CoMiGSDevice>().Model.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];
    }
}
