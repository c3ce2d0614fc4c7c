using System.Runtime.InteropServices;
using CoMiGS.Kernels;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>The addresses of the tensors of a <see cref="FusedMix"/>, in its order. The tensors must be contiguous and outlive this.</summary>
internal sealed unsafe class MixArguments : IDisposable
{
    private readonly void** _addresses;

    public MixArguments(MixShape shape, IReadOnlyList<Tensor?> tensors)
    {
        _addresses = (void**)NativeMemory.Alloc((nuint)tensors.Count, (nuint)sizeof(void*));
        for (var i = 0; i < tensors.Count; i++)
        {
            _addresses[i] = tensors[i] is { } tensor ? Addresses.Of(tensor) : null;
        }

        FirstFactor = shape.Inputs + 3;
        Operands = new MixOperands
        {
            Type = tensors[0]!.dtype == ScalarType.BFloat16 ? RowType.BFloat16 : RowType.Float32,
            Projected = _addresses,
            Expansion = (float*)_addresses[shape.Inputs],
            Gates = (float*)_addresses[shape.Inputs + 1],
            Selected = (bool*)_addresses[shape.Inputs + 2],
            Up = (float**)(_addresses + FirstFactor),
            Down = (float**)(_addresses + FirstFactor + (shape.Experts * shape.Inputs)),
        };
    }

    /// <summary>Which argument is the first of the factors.</summary>
    public int FirstFactor { get; }

    public MixOperands Operands { get; }

    public void Dispose() => NativeMemory.Free(_addresses);
}
