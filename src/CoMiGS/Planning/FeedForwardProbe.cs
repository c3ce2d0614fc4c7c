using System.Globalization;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>Compares what a feed-forward computes with what its parts compute, so that a wrong activation or a forgotten dropout is an error and no silent change of the model.</summary>
internal static class FeedForwardProbe
{
    private const int Rows = 2;
    private const int Tokens = 3;
    private const double Spread = 3; // wide enough to reach both ends of an activation
    private const long Seed = 20240913;

    /// <exception cref="InvalidOperationException">They differ, or one of them fails.</exception>
    public static void Check(string path, nn.Module<Tensor, Tensor> module, IFeedForward opened)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var random = get_rng_state();
        var modes = module.modules().Prepend(module).Select(m => (Module: m, m.training)).ToList();
        var buffers = module.buffers().Select(b => (Buffer: b, Value: b.clone())).ToList();
        try
        {
            foreach (var training in new[] { false, true })
            {
                module.train(training);
                Compare(path, module, opened);
            }
        }
        finally
        {
            modes.ForEach(m => m.Module.train(m.training)); // a parent comes before its children
            buffers.ForEach(b => b.Buffer.copy_(b.Value));
            set_rng_state(random);
        }
    }

    private static void Compare(string path, nn.Module<Tensor, Tensor> module, IFeedForward opened)
    {
        var weight = opened.Inputs[0].Linear.weight;
        using var generator = manual_seed(Seed);
        var x = randn([Rows, Tokens, weight.shape[1]], ScalarType.Float32).Times(Spread).to(weight.dtype, weight.device);
        var (whole, parts) = (Run(() => module.call(x), "computing it"), Run(() => Through(opened, x.reshape(-1, x.shape[^1])), "computing its parts"));
        if (whole.numel() != parts.numel())
        {
            throw Disagree($"its output has the shape ({string.Join(", ", whole.shape)}), that of its parts ({string.Join(", ", parts.shape)})");
        }

        var (difference, largest) = (Largest(whole - parts.reshape(whole.shape)), Largest(whole));
        var rounding = weight.dtype is ScalarType.Float32 or ScalarType.Float64 ? 100 : 4;
        if (!(difference <= rounding * finfo(weight.dtype).eps * Math.Max(1, largest)))
        {
            throw Disagree(string.Create(CultureInfo.InvariantCulture, $"the largest difference is {difference:g3}, the largest output {largest:g3}"));
        }

        Tensor Run(Func<Tensor> compute, string what)
        {
            using var seeded = manual_seed(Seed + 1); // the same dropout for both
            try
            {
                return compute();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The feed-forward '{path}', a {module.GetType().Name}, was tried on an input of shape ({string.Join(", ", x.shape)}), and {what} failed: {e.Message}", e);
            }
        }

        InvalidOperationException Disagree(string how) => new(
            $"The feed-forward '{path}', a {module.GetType().Name}, computes something else than its parts {opened.Output.Name}(Combine({string.Join(", ", opened.Inputs.Select(p => p.Name))})): "
            + $"on a random input in {(module.training ? "training" : "evaluation")} mode {how}. Combine is what lies between the projections; Finish is what comes after the output, such as dropout.");
    }

    private static Tensor Through(IFeedForward opened, Tensor x) => // (N, d)
        opened.Finish(opened.Output.Linear.call(opened.Combine([.. opened.Inputs.Select(p => p.Linear.call(x))])));

    private static double Largest(Tensor values) => values.to(ScalarType.Float64).abs().max().item<double>();
}
