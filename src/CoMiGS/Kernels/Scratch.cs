using System.Runtime.InteropServices;

namespace CoMiGS.Kernels;

/// <summary>Zeroed, aligned memory that is handed out piece by piece and freed at once.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private const int Alignment = 64; // a cache line, and the widest register

    private readonly nuint _bytes;
    private byte* _memory;
    private nuint _used;

    public Scratch(long floats, int pieces)
    {
        _bytes = checked((nuint)((floats * sizeof(float)) + ((long)pieces * Alignment)));
        _memory = (byte*)NativeMemory.AlignedAlloc(_bytes, Alignment);
        NativeMemory.Clear(_memory, _bytes);
    }

    public float* Take(long floats)
    {
        var piece = (float*)(_memory + _used);
        _used += ((checked((nuint)floats) * sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        return _used <= _bytes ? piece : throw new InvalidOperationException("The scratch memory is smaller than what is taken from it.");
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
