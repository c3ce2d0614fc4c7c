using CoMiGS.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// The mixture between the two frozen products as one function with a backward pass of its own: it keeps nothing but its arguments, and computes the hidden
/// states of the experts again. It has no second derivative. Arguments: the sizes, c, P_1 .. P_m (N, f), u (N, n m r), w (N, n), who is selected (N, n) or an empty tensor, the n m
/// factors B (f, r), the n factors A (r, f). Results: H (N, f) and v (N, n r).
/// </summary>
internal sealed unsafe class FusedMix : autograd.MultiTensorFunction<FusedMix>
{
    private const int Fixed = 2; // arguments that are no tensors

    public override string Name => nameof(FusedMix);

    /// <summary>The mixture.</summary>
    /// <returns>H (N, f), of the type of P, and v (N, n r).</returns>
    public static (Tensor Hidden, Tensor Projection) Of(
        MixShape shape, CombineKind combine, IEnumerable<Tensor> projected, Tensor expansion, Tensor gates, Tensor? selected, IEnumerable<Tensor> up, IEnumerable<Tensor> down)
    {
        var arguments = new object[Fixed + shape.Inputs + 3 + (shape.Experts * (shape.Inputs + 1))];
        (arguments[0], arguments[1]) = (shape, combine);
        var position = Fixed;
        Add(projected);
        Add([expansion, gates, selected ?? empty(0, ScalarType.Bool)]);
        Add(up);
        Add(down);
        var results = apply(arguments);
        return (results[0], results[1]);

        void Add(IEnumerable<Tensor> tensors)
        {
            foreach (var tensor in tensors)
            {
                arguments[position++] = tensor.is_contiguous() ? tensor : tensor.contiguous(); // a router or a projection of somebody else's may return views
            }
        }
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var shape = (MixShape)vars[0];
        var combine = (CombineKind)vars[1];
        var tensors = new List<Tensor>(vars.Length - Fixed);
        tensors.AddRange(vars.OfType<Tensor>());
        ctx.save_data("shape", shape);
        ctx.save_data("combine", combine);
        ctx.save_for_backward(tensors);
        using var arguments = new MixArguments(shape, tensors);
        var hidden = empty_like(tensors[0]);
        var projection = zeros([shape.Tokens, shape.Projection], ScalarType.Float32);
        Mixture.Forward(combine, shape, arguments.Operands, Addresses.Of(hidden), (float*)Addresses.Of(projection), get_num_threads());
        return [hidden, projection];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        if (is_grad_enabled())
        {
            throw new InvalidOperationException("The fused mixture has no second derivative (create_graph: true). Set ExpertOptions.UseKernel to false.");
        }

        var shape = (MixShape)ctx.get_data("shape")!;
        var combine = (CombineKind)ctx.get_data("combine")!;
        var tensors = ctx.get_saved_variables();
        using var arguments = new MixArguments(shape, tensors);
        var factors = arguments.FirstFactor;
        var learning = tensors.Skip(factors).Any(t => t.requires_grad);
        var results = new List<Tensor?>(tensors.Count + Fixed);
        for (var i = 0; i < tensors.Count; i++)
        {
            results.Add(i < shape.Inputs || (i >= factors && learning) ? empty_like(tensors[i]) : null);
        }

        var expansion = results[shape.Inputs] = zeros_like(tensors[shape.Inputs]);
        var gates = results[shape.Inputs + 1] = zeros_like(tensors[shape.Inputs + 1]);
        var (hidden, projection) = (grad_outputs[0].contiguous(), grad_outputs[1].contiguous());
        using var gradients = new MixArguments(shape, results!);
        var flow = new MixGradients
        {
            Hidden = Addresses.Of(hidden),
            Projection = (float*)Addresses.Of(projection),
            Projected = gradients.Operands.Projected,
            Up = learning ? gradients.Operands.Up : null,
            Down = learning ? gradients.Operands.Down : null,
        };
        Mixture.Backward(combine, shape, arguments.Operands, flow, (float*)Addresses.Of(expansion), (float*)Addresses.Of(gates), get_num_threads());
        results.InsertRange(0, [null, null]); // the sizes and c have none
        return results!;
    }
}
