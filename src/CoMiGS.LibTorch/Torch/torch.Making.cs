using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>PyTorch's top-level functions, as TorchSharp spells them.</summary>
public static partial class torch
{
    private static ScalarType defaultType = ScalarType.Float32;

    /// <summary>The element type of factories that are not told one.</summary>
    public static ScalarType get_default_dtype() => defaultType;

    /// <summary>Sets the element type of factories that are not told one.</summary>
    public static void set_default_dtype(ScalarType dtype) => defaultType = dtype;

    /// <summary>The device of factories that are not told one.</summary>
    public static Device get_default_device() => CPU;

    internal static ScalarType TypeOf(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(double) ? ScalarType.Float64
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(int) ? ScalarType.Int32
        : type == typeof(bool) ? ScalarType.Bool
        : type == typeof(byte) ? ScalarType.Byte
        : type == typeof(sbyte) ? ScalarType.Int8
        : type == typeof(short) ? ScalarType.Int16
        : type == typeof(Half) ? ScalarType.Float16
        : type == typeof(BFloat16) ? ScalarType.BFloat16
        : throw new NotSupportedException(
            $"Elements of type {type.Name} have no tensor type. Use float, double, Half, BFloat16, long, int, short, sbyte, byte or bool.");

    private static Tensor Grad(Tensor tensor, bool requires_grad)
    {
        if (requires_grad)
        {
            tensor.requires_grad = true;
        }

        return tensor;
    }

    private static T Unnamed<T>(T value, string[]? names) =>
        names is null ? value : throw new NotSupportedException("Named dimensions are not supported here. Leave names out.");

    private static Tensor Made(string name, long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Grad(Call(name == "empty" ? "empty.memory_format" : name, Unnamed(size, names), dtype ?? defaultType, Argument.None, device), requires_grad);

    private static Tensor Drawn(string name, long[] size, ScalarType? dtype, Device? device, bool requires_grad, Generator? generator, string[]? names) =>
        Grad(Call(name + ".generator", Unnamed(size, names), generator, dtype ?? defaultType, Argument.None, device), requires_grad);

    private static Tensor Full(long[] size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Grad(Call("full", Unnamed(size, names), value, dtype ?? (value.IsReal ? defaultType : ScalarType.Int64), Argument.None, device), requires_grad);

    private static Tensor Like(string name, Tensor input, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Grad(Call(name, Unnamed(input, names), dtype, Argument.None, device), requires_grad);

    private static ScalarType RangeType(Scalar start, Scalar stop, Scalar step) =>
        start.IsReal || stop.IsReal || step.IsReal ? defaultType : ScalarType.Int64;

    private static unsafe Tensor Copied<T>(
        ReadOnlySpan<T> data, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        Tensor tensor;
        fixed (T* p = data)
        fixed (long* s = Unnamed(shape.ToArray(), names))
        {
            tensor = new Tensor(Native.Checked(Native.TensorCopyOf(p, (long)data.Length * sizeof(T), s, shape.Length, (sbyte)TypeOf(typeof(T)))));
        }

        if (dtype is { } type && type != tensor.dtype)
        {
            tensor = tensor.to_type(type, disposeAfter: true);
        }

        if (device is not null && device.type != DeviceType.CPU)
        {
            tensor = tensor.to(device, disposeAfter: true);
        }

        return Grad(tensor, requires_grad);
    }

    private static T[] Array<T>(IList<T> list) => list as T[] ?? [.. list];

    private static ReadOnlySpan<T> Elements<T>(Array array)
        where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static long[] Lengths(Array array) => Enumerable.Range(0, array.Rank).Select(array.GetLongLength).ToArray();
}
