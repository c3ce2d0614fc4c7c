using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace CoMiGS.Benchmarks;

/// <summary>What a call into the engine costs (one number, so the arithmetic is nothing), beside a product of the size that a model makes.</summary>
[InProcess]
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private Tensor one = null!;
    private Tensor activations = null!;
    private Tensor weights = null!;

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(Environment.ProcessorCount);
        one = ones(1);
        activations = ones(1024, 768);
        weights = ones(768, 3072);
    }

    [Benchmark]
    public void AddOneNumber()
    {
        using var sum = one.add(one);
    }

    [Benchmark]
    public void Multiply1024x768x3072()
    {
        using var product = activations.matmul(weights);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        one.Dispose();
        activations.Dispose();
        weights.Dispose();
    }
}
