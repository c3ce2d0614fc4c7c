using BenchmarkDotNet.Attributes;
using CoMiGS.Models;
using CoMiGS.Models.Generation;
using static TorchSharp.torch;

namespace CoMiGS.Benchmarks;

/// <summary>A greedy text after a prompt of one token, with two experts in every block: with the cache a token costs the same however long the text is.</summary>
[InProcess]
[IterationCount(3)]
[WarmupCount(1)]
public class GenerationBenchmarks
{
    private TokenGenerator generator = null!;
    private Layers.MoeModel model = null!;

    [Params(64, 128, 256, 512)]
    public int Tokens { get; set; }

    [Params(true, false)]
    public bool UseCache { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(Environment.ProcessorCount);
        model = new Gpt(new() { VocabularySize = 8192, BlockSize = 1024, Layers = 4, Heads = 4, Width = 256 }).AddExperts();
        generator = new TokenGenerator(model);
    }

    [Benchmark]
    public int Generate() => generator.Generate([1], new() { MaximumTokens = Tokens, UseCache = UseCache }).Tokens.Count;

    [GlobalCleanup]
    public void Cleanup() => model.Dispose();
}
