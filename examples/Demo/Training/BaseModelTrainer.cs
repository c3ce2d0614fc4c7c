using CoMiGS.Data;
using CoMiGS.Demo.Events;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Demo.Training;

/// <summary>Trains all parameters of the base model on English text, before anybody fine-tunes it.</summary>
internal static class BaseModelTrainer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.95;
    private const double Epsilon = 1e-8;

    public static void Train(
        Gpt model, BaseModelSettings settings, ITokenSource text, TimeProvider time, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        List<Parameter> parameters = [.. model.parameters()];
        var crops = new RandomCrops(text, settings.BatchSize, settings.Window, new Seed(settings.Seed).For("base model"), TextBytes.VocabularySize);
        using var optimizer = optim.AdamW(parameters, settings.LearningRate, Beta1, Beta2, Epsilon, settings.WeightDecay);
        model.train();
        var start = time.GetTimestamp();
        for (var step = 0; step < settings.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = settings.RateAt(step);
            }

            var loss = Step(model, parameters, optimizer, crops, settings.ClipNorm);
            if (!double.IsFinite(loss))
            {
                throw new NonFiniteLossException("base model", step + 1, StepKind.Expert, loss, null);
            }

            var seconds = time.GetElapsedTime(start).TotalSeconds;
            progress.Report(new BaseModelStep(step + 1, settings.Steps, loss, (step + 1) * settings.BatchSize * settings.Window / seconds));
        }
    }

    private static double Step(Gpt model, List<Parameter> parameters, AdamW optimizer, RandomCrops crops, double clipNorm)
    {
        using var scope = NewDisposeScope();
        var batch = crops.NextBatch();
        optimizer.zero_grad();
        var loss = LanguageModelLoss.Mean(model, batch.Inputs, batch.Targets);
        loss.backward();
        Clip(parameters, clipNorm);
        optimizer.step();
        return loss.ToDouble();
    }

    private static void Clip(List<Parameter> parameters, double most)
    {
        using var noGrad = no_grad();
        var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        var norm = Math.Sqrt(gradients.Sum(gradient => gradient.square().sum().ToDouble()));
        if (norm > most)
        {
            gradients.ForEach(gradient => gradient.mul_(most / norm));
        }
    }
}
