using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Where the numbers of tensors lie, for kernels.</summary>
internal static unsafe class Addresses
{
    /// <summary>The first number's address; null where there is none. Good for as long as the tensor lives.</summary>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    public static void* Of(Tensor tensor)
    {
        var count = tensor.numel();
        if (count == 0)
        {
            return null;
        }

        if (count * tensor.element_size() <= int.MaxValue)
        {
            return Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
        }

        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1); // a span over all numbers ends at 2 GB
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
