using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor from an array of any rank.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>A tensor from an array of any rank, converted to an element type.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = Lengths(rawArray);
        return rawArray.GetType().GetElementType() switch
        {
            var t when t == typeof(float) => Copied(Elements<float>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(double) => Copied(Elements<double>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(long) => Copied(Elements<long>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(int) => Copied(Elements<int>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(short) => Copied(Elements<short>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(sbyte) => Copied(Elements<sbyte>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(byte) => Copied(Elements<byte>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(bool) => Copied(Elements<bool>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(Half) => Copied(Elements<Half>(rawArray), shape, dtype, device, requires_grad, names),
            var t when t == typeof(BFloat16) => Copied(Elements<BFloat16>(rawArray), shape, dtype, device, requires_grad, names),
            var t => throw new NotSupportedException($"Elements of type {t?.Name} have no tensor type."),
        };
    }

    /// <summary>A one-dimensional tensor over the memory of an array, shared and pinned until the tensor is gone.</summary>
    public static unsafe Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var size = ElementSizeOf(dtype);
        var bytes = Buffer.ByteLength(rawArray) - (offset * size);
        var length = count < 0 ? bytes / size : count;
        if (offset < 0 || length * size > bytes)
        {
            throw new ArgumentException($"The array has {Buffer.ByteLength(rawArray)} bytes, but {length} elements of {size} bytes from element {offset} were asked for.");
        }

        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        var data = (byte*)pin.AddrOfPinnedObject() + (offset * size);
        return Grad(new Tensor(Native.Checked(Native.TensorOver(data, &length, 1, (sbyte)dtype, &Release, GCHandle.ToIntPtr(pin)))), requires_grad);
    }

    internal static int ElementSizeOf(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    [UnmanagedCallersOnly]
    private static void Release(nint context) => GCHandle.FromIntPtr(context).Free();
}
