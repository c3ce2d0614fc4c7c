using System.Globalization;
using CoMiGS.Checkpoints;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;

namespace CoMiGS.Tests.Training;

/// <summary>
/// Trains to a number of steps, going on from the state it finds, and writes the adapters: started as a process of its own, so that it can be killed. It
/// prints a line when it is ready and one after every step.
/// </summary>
internal static class TrainingProgram
{
    private const int Window = 32;

    /// <param name="arguments">Folder of states (or -), file of adapters, steps, steps between saves, schedule, dropout, threads.</param>
    public static int Main(string[] arguments)
    {
        if (arguments is not [var states, var adapters, var steps, var every, var schedule, var dropout, var threads])
        {
            Console.Error.WriteLine("Seven arguments are needed: STATES ADAPTERS STEPS EVERY SCHEDULE DROPOUT THREADS.");
            return 2;
        }

        torch.set_num_threads(int.Parse(threads, CultureInfo.InvariantCulture));
        var total = int.Parse(steps, CultureInfo.InvariantCulture);
        using var moe = Model(double.Parse(dropout, CultureInfo.InvariantCulture));
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options(Enum.Parse<RouterSchedule>(schedule), total));
        if (states != "-")
        {
            var resumed = trainer.LoadState(states);
            if (resumed?.Refused.Count > 0)
            {
                Console.Error.WriteLine(resumed.Refused[0].Reason);
                return 3;
            }

            trainer.KeepState(states, int.Parse(every, CultureInfo.InvariantCulture));
        }

        Console.WriteLine($"ready {trainer.Step}");
        trainer.Train(total - (int)trainer.Step, new Lines());
        AtomicFile.Write(adapters, stream => moe.Parameters.ToList().ForEach(p => stream.Write(p.Value.detach().bytes)));
        return 0;
    }

    private static MoeModel Model(double dropout) =>
        new Gpt(new() { VocabularySize = 256, BlockSize = Window, Layers = 2, Heads = 2, Width = 32, Seed = 7 })
            .AddExperts(new() { Specialists = 3, Rank = 4, AttentionRank = 4, GeneralistShare = 0.4, Dropout = dropout });

    private static BilevelOptions Options(RouterSchedule schedule, int steps) =>
        new() { TotalSteps = steps, RouterSchedule = schedule, RouterEvery = 5, RouterSteps = 3, BatchSize = 8, Window = Window };

    private sealed class Lines : IProgress<StepReport>
    {
        public void Report(StepReport value) => Console.WriteLine($"{value.Kind} {value.Step}");
    }
}
