namespace TorchSharp;

/// <summary>One number of any element type, as operators take it. TorchSharp's holds native memory; this one only looks alike.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double real;
    private readonly long integer;

    private Scalar(double value, ScalarType type)
    {
        real = value;
        Type = type;
    }

    private Scalar(long value, ScalarType type)
    {
        integer = value;
        real = value;
        Type = type;
    }

    /// <summary>The type of the number.</summary>
    public ScalarType Type { get; }

    internal bool IsReal => torch.is_floating_point(Type);

    internal double AsDouble => real;

    internal long AsLong => IsReal ? (long)real : integer;

    /// <summary>A scalar from a byte.</summary>
    public static implicit operator Scalar(byte value) => new((long)value, ScalarType.Byte);

    /// <summary>A scalar from a signed byte.</summary>
    public static implicit operator Scalar(sbyte value) => new((long)value, ScalarType.Int8);

    /// <summary>A scalar from a short.</summary>
    public static implicit operator Scalar(short value) => new((long)value, ScalarType.Int16);

    /// <summary>A scalar from an int.</summary>
    public static implicit operator Scalar(int value) => new((long)value, ScalarType.Int32);

    /// <summary>A scalar from a long.</summary>
    public static implicit operator Scalar(long value) => new(value, ScalarType.Int64);

    /// <summary>A scalar from a half.</summary>
    public static implicit operator Scalar(Half value) => new((double)value, ScalarType.Float16);

    /// <summary>A scalar from a bfloat16.</summary>
    public static implicit operator Scalar(BFloat16 value) => new((double)value.ToSingle(), ScalarType.BFloat16);

    /// <summary>A scalar from a float.</summary>
    public static implicit operator Scalar(float value) => new((double)value, ScalarType.Float32);

    /// <summary>A scalar from a double.</summary>
    public static implicit operator Scalar(double value) => new(value, ScalarType.Float64);

    /// <summary>A scalar from a truth value.</summary>
    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, ScalarType.Bool);

    /// <summary>Does nothing here: there is no native memory to release.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    internal static Scalar Of(in Value value, ScalarType type) =>
        value.Tag == ValueTag.Double ? new Scalar(value.AsDouble, type) : new Scalar(value.Bits, type);

    internal Argument ToArgument() => Type == ScalarType.Bool ? integer != 0 : IsReal ? (Argument)real : integer;
}
