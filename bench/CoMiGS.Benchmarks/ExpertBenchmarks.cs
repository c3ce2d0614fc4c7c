using BenchmarkDotNet.Attributes;
using CoMiGS.Models;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Benchmarks;

/// <summary>A small transformer, bare and with one generalist and one specialist in each block: what the experts add to a pass and to a step.</summary>
[InProcess]
public class ExpertBenchmarks
{
    private const int Batch = 8;
    private const int Window = 128;

    private Gpt bare = null!;
    private Layers.MoeModel withExperts = null!;
    private Tensor tokens = null!;

    private static GptOptions Size => new() { VocabularySize = 256, BlockSize = Window, Layers = 4, Heads = 4, Width = 128 };

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(Environment.ProcessorCount);
        bare = new Gpt(Size);
        withExperts = new Gpt(Size).AddExperts(new ExpertOptions { Generalists = 1, Specialists = 1, Rank = 8, TopK = 2 });
        tokens = arange(Batch * Window, dtype: ScalarType.Int64).remainder(256).reshape(Batch, Window); // (B, T)
    }

    [Benchmark(Baseline = true)]
    public void ForwardBare() => Forward(bare);

    [Benchmark]
    public void ForwardWithExperts() => Forward(withExperts.Model);

    [Benchmark]
    public void ForwardAndBackwardWithExperts()
    {
        using var scope = NewDisposeScope();
        var loss = LanguageModelLoss.Mean(withExperts.Model.call(tokens), tokens) + withExperts.BalanceLoss();
        loss.backward();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        tokens.Dispose();
        withExperts.Dispose();
        bare.Dispose();
    }

    private void Forward(nn.Module<Tensor, Tensor> model)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        _ = model.call(tokens); // (B, T, V)
    }
}
