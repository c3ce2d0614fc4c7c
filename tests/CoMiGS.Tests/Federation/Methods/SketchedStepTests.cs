using CoMiGS.Experts;
using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Federation.Methods;

/// <summary>A step of an adapter of rank k with scale alpha / k is the step that FSLoRA defines on the whole: <c>W + (alpha / r) B S A</c>, of which only the kept rows are trained.</summary>
public sealed class SketchedStepTests
{
    private const int Whole = 6;
    private const int Inputs = 5;
    private const int Outputs = 4;
    private static readonly long[] Positions = [1, 4];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Steps_of_the_small_adapter_are_those_of_the_sketched_whole(bool adam)
    {
        using var scope = NewDisposeScope();
        using var small = new LoraAdapter(Inputs, Outputs, new LoraConfig(Positions.Length, 16, LoraScaling.Classic), ParameterRole.Generalist, 1);
        var (a, b) = (new TorchSharp.Modules.Parameter(Numbers(Whole, Inputs)), new TorchSharp.Modules.Parameter(Numbers(Outputs, Whole)));
        var kept = tensor(Positions);
        using (no_grad())
        {
            small.A.copy_(a.index_select(0, kept));
            small.B.copy_(b.index_select(1, kept));
        }

        var mask = zeros([Whole]);
        foreach (var position in Positions)
        {
            mask[position] = tensor((float)Whole / Positions.Length); // S: r / k on the kept positions
        }

        using var ofSmall = Optimizer(adam, [small.A, small.B]);
        using var ofWhole = Optimizer(adam, [a, b]);
        for (var step = 0; step < 3; step++)
        {
            var (x, y) = (Numbers(7, Inputs) + step, Numbers(7, Outputs) * (step + 1));
            ofSmall.zero_grad();
            (small.call(x) - y).square().mean().backward();
            ofSmall.step();
            ofWhole.zero_grad();
            (x.matmul(a.t()).mul(mask).matmul(b.t()).mul(16.0 / Whole) - y).square().mean().backward();
            ofWhole.step();
        }

        Distance(small.A, a.index_select(0, kept)).Should().BeLessThan(1e-5);
        Distance(small.B, b.index_select(1, kept)).Should().BeLessThan(1e-5);
    }

    private static optim.Optimizer Optimizer(bool adam, TorchSharp.Modules.Parameter[] parameters) =>
        adam ? optim.AdamW(parameters, 0.05, weight_decay: 0.01) : optim.SGD(parameters, 0.01);

    private static double Distance(Tensor one, Tensor other) => (one - other).abs().max().ToDouble();

    private static Tensor Numbers(long rows, long columns) => arange(rows * columns, ScalarType.Float32).mul(0.7).sin().reshape(rows, columns);
}
