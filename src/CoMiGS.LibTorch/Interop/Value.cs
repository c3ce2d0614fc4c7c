using System.Runtime.InteropServices;

namespace CoMiGS.LibTorch.Interop;

/// <summary>What kind of value crosses the C ABI. The numbers are repeated in comigs_torch.cpp.</summary>
internal enum ValueTag
{
    None, Tensor, Int, Double, Bool, Ints, Tensors, OptionalTensors, Generator, Text, Device, Doubles, Default,
}

/// <summary>One argument or result of an operator as the native side reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    public ValueTag Tag;
    public int Count;
    public long Bits;

    public readonly double AsDouble => BitConverter.Int64BitsToDouble(Bits);
}
