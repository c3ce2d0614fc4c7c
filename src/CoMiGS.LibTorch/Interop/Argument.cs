using TorchSharp;

namespace CoMiGS.LibTorch.Interop;

/// <summary>One argument of an operator as C# writes it: converts by itself from every type an operator takes.</summary>
internal readonly struct Argument
{
    public readonly ValueTag Tag;
    public readonly int Count;
    public readonly long Bits;
    public readonly object? Reference;

    private Argument(ValueTag tag, long bits = 0, object? reference = null, int count = 0)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
        Count = count;
    }

    /// <summary>An argument that is absent.</summary>
    public static Argument None => new(ValueTag.None);

    /// <summary>An argument that takes its schema's default value.</summary>
    public static Argument Default => new(ValueTag.Default);

    /// <summary>A list in which tensors may be missing, as advanced indexing has it.</summary>
    public static Argument Optional(Tensor?[] list) => new(ValueTag.OptionalTensors, 0, list);

    public static implicit operator Argument(Tensor? value) =>
        value is null ? None : new(ValueTag.Tensor, 0, value);

    public static implicit operator Argument(long value) => new(ValueTag.Int, value);

    public static implicit operator Argument(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    public static implicit operator Argument(long? value) => value is { } v ? v : None;

    public static implicit operator Argument(double? value) => value is { } v ? v : None;

    public static implicit operator Argument(Scalar? value) => value is null ? None : value.ToArgument();

    public static implicit operator Argument(ScalarType value) => new(ValueTag.Int, (long)value);

    public static implicit operator Argument(ScalarType? value) => value is { } v ? v : None;

    public static implicit operator Argument(long[]? value) => value is null ? None : new(ValueTag.Ints, 0, value);

    public static implicit operator Argument(ReadOnlySpan<long> value) => value.ToArray();

    public static implicit operator Argument(Tensor[] value) => new(ValueTag.Tensors, 0, value);

    public static implicit operator Argument(string value) => new(ValueTag.Text, 0, value);

    public static implicit operator Argument(Generator? value) => value is null ? None : new(ValueTag.Generator, 0, value);

    public static implicit operator Argument(Device? value) =>
        value is null ? None : new(ValueTag.Device, (long)value.type, null, value.index);
}
