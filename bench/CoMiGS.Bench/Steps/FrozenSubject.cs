using CoMiGS.Data;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Steps;

/// <summary>The bare model, forward and backward. Its position embeddings take gradients, so that the backward pass goes through all layers.</summary>
internal sealed class FrozenSubject
{
    private readonly Gpt _model;
    private readonly RandomCrops _batches;

    /// <param name="size">Model and batch.</param>
    /// <param name="type">Of the weights.</param>
    public FrozenSubject(StepSize size, ScalarType type)
    {
        _model = size.Model(type);
        foreach (var (name, parameter) in _model.named_parameters())
        {
            parameter.requires_grad = name.StartsWith("wpe", StringComparison.Ordinal);
        }

        Text = StepSubject.Tokens(size);
        _batches = new RandomCrops(Text, size.Batch, size.Window, new Seed(1));
    }

    /// <summary>What it reads.</summary>
    public ITokenSource Text { get; }

    /// <summary>The model.</summary>
    public Gpt Model => _model;

    /// <summary>Forward and backward.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        _model.train();
        var batch = _batches.NextBatch();
        LanguageModelLoss.Mean(_model, batch.Inputs, batch.Targets).backward();
        _model.zero_grad();
    }
}
