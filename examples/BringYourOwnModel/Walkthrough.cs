using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.BringYourOwnModel;

/// <summary>A model is trained on one text, gets experts, which are trained on another, and loses them again.</summary>
public static class Walkthrough
{
    private const int Unseen = 1_000_000; // numbers of batches that no training reaches

    /// <summary>Goes through it.</summary>
    /// <param name="steps">Training steps on each text.</param>
    /// <param name="folder">Where the experts are saved.</param>
    /// <param name="say">Hears every line.</param>
    /// <returns>Perplexity a character on weather and kitchen: before there were experts, with them trained, and when they are gone.</returns>
    public static IReadOnlyList<(double Weather, double Kitchen)> Run(int steps, string folder, Action<string> say)
    {
        using var generator = manual_seed(1);
        using var model = new TinyWriter();
        var figures = new List<(double Weather, double Kitchen)>();
        say("perplexity a character            weather   kitchen");

        Before.TrainingLoop.Train(model, Text.Weather, steps);
        Measure("trained on weather reports");
        var moe = After.TrainingLoop.Train(model, Text.Kitchen, steps);
        Measure("with experts trained on recipes");
        moe.Save(folder);
        moe.RemoveExperts();
        Measure("with the experts removed");
        say($"The experts are in '{folder}', in PEFT's layout.");
        return figures;

        void Measure(string when)
        {
            model.eval();
            figures.Add((Perplexity(model, Text.Weather), Perplexity(model, Text.Kitchen)));
            say($"{when,-32} {figures[^1].Weather,8:0.00} {figures[^1].Kitchen,9:0.00}");
        }
    }

    private static double Perplexity(nn.Module<Tensor, Tensor> model, Text text)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Math.Exp(Enumerable.Range(Unseen, 4).Average(number =>
        {
            var (input, target) = text.Batch(number);
            return LanguageModelLoss.Mean(model.call(input), target).ToDouble();
        }));
    }
}
