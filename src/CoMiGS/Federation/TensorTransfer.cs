using CoMiGS.Parameters;
using CoMiGS.Transport;
using static TorchSharp.torch;

namespace CoMiGS.Federation;

/// <summary>Between parameters of a model and tensors on the wire: always copies, in float32.</summary>
internal static class TensorTransfer
{
    public static TensorSpec Spec(NamedParameter parameter) => new(parameter.Name, TensorType.Float32, [.. parameter.Value.shape]);

    public static NamedTensor Read(NamedParameter parameter) => Read(parameter.Name, parameter.Value);

    public static NamedTensor Read(string name, Tensor source)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var values = source.detach().cpu().to(ScalarType.Float32).contiguous();
        return NamedTensor.FromFloats(name, source.shape, values.data<float>().ToArray());
    }

    public static void Write(NamedTensor source, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        target.copy_(tensor(source.AsFloats().ToArray(), target.shape)); // to the target's type and device
    }
}
