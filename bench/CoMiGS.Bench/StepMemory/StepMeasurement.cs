using CoMiGS.Bench.Harness;
using CoMiGS.Data;
using CoMiGS.Training;
using TorchSharp;

namespace CoMiGS.Bench.StepMemory;

/// <summary>Makes real training steps and looks at the resident memory of this process, which Linux keeps a high-water mark of.</summary>
public static class StepMeasurement
{
    /// <summary>The command of a child process that measures.</summary>
    public const string Command = "step-memory-case";

    private const int TextBytesPerSplit = 20_000;

    /// <summary>Peak of expert and router steps over what the process needed before it had a model.</summary>
    public static MemoryFigures Run(MemoryCase of)
    {
        torch.set_num_threads(1);
        Train(new MemoryCase(1, 64, 256, 2, 16, 1, 3), 3); // loads and compiles everything
        ResidentMemory.Collect();
        var before = ResidentMemory.Now;
        using var model = of.Model();
        var predicted = ExpertBudget.For(model, of.Options(), of.Batch, of.Window).Memory(of.Specialists);
        using var trainer = Trainer(of, model);
        ResidentMemory.Collect();
        ResidentMemory.ResetPeak();
        trainer.Train(2);
        return new(predicted, ResidentMemory.Peak - before);
    }

    private static void Train(MemoryCase of, int steps)
    {
        using var model = of.Model();
        using var trainer = Trainer(of, model);
        trainer.Train(steps);
    }

    private static BilevelTrainer Trainer(MemoryCase of, Models.LanguageModel model)
    {
        var text = Data.TextBytes.From(string.Concat(Enumerable.Range(0, TextBytesPerSplit).Select(i => (char)('a' + (i * i % 23)))));
        return new(model.AddExperts(of.Options()), new DeviceData(text, text), new BilevelOptions { BatchSize = of.Batch, Window = of.Window, RouterEvery = 1, RouterSteps = 1 });
    }
}
