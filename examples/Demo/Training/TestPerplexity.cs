using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Demo.Training;

/// <summary>The figure of the table: perplexity per byte over a whole test text.</summary>
internal static class TestPerplexity
{
    public static double Of(MoeModel model, ITokenSource test, int window, CancellationToken cancellation) => Of(model.Model, test, window, cancellation);

    public static double Of(nn.Module<Tensor, Tensor> model, ITokenSource test, int window, CancellationToken cancellation) =>
        Evaluation.Run(model, test, window, cancellationToken: cancellation).Perplexity;
}
