using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;

namespace CoMiGS.Tests.Training;

/// <summary>What a step leaves to the garbage collector.</summary>
public sealed class AllocationTests
{
#if TORCH_SYSTEM
    private const long Limit = 64 * 1024;
#else
    private const long Limit = 128 * 1024; // TorchSharp's own calls leave more
#endif

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_step_of_two_layers_leaves_little_to_the_garbage_collector(int specialists)
    {
        using var model = new Gpt(new GptOptions { VocabularySize = 256, BlockSize = 64, Layers = 2, Heads = 4, Width = 64 });
        using var moe = model.AddExperts(new ExpertOptions { Specialists = specialists, TopK = 2, Rank = 8, AttentionRank = 8 });
        var text = TextBytes.From(Tiny.Text(1, 40), "text");
        using var trainer = new BilevelTrainer(moe, new DeviceData(text, text), new() { BatchSize = 8, Window = 32 });
        for (var i = 0; i < 20; i++)
        {
            trainer.ExpertStep();
            trainer.RouterStep();
        }

        Median(() => trainer.ExpertStep()).Should().BeInRange(1, Limit);
        Median(() => trainer.RouterStep()).Should().BeInRange(1, Limit);
    }

    [Fact]
    public void A_router_step_computes_no_gradient_of_any_adapter_on_either_path()
    {
        foreach (var kernel in new[] { true, false })
        {
            using var moe = Tiny.Moe(new ExpertOptions { Specialists = 2, TopK = 2, AttentionRank = 2, GeneralistShare = 0.9, UseKernel = kernel });
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 2, Window = Tiny.Window });

            trainer.RouterStep();

            moe.Parameters.Where(p => p.Role == ParameterRole.Router).Should().NotBeEmpty().And.OnlyContain(p => Has(p));
            moe.Parameters.Where(p => p.Role != ParameterRole.Router).Should().NotBeEmpty().And.NotContain(p => Has(p));
        }
    }

    private static bool Has(NamedParameter parameter)
    {
        using var gradient = parameter.Value.grad;
        return gradient is not null && !gradient.IsInvalid;
    }

    /// <summary>Bytes that one step of eleven allocates, on all threads together.</summary>
    private static long Median(Action step)
    {
        var bytes = new long[11];
        for (var i = 0; i < bytes.Length; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            step();
            bytes[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        Array.Sort(bytes);
        return bytes[bytes.Length / 2];
    }
}
