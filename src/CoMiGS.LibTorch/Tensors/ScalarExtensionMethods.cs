namespace TorchSharp;

/// <summary>Conversions between numbers and <see cref="Scalar"/>.</summary>
public static class ScalarExtensionMethods
{
    /// <summary>A scalar from a byte.</summary>
    public static Scalar ToScalar(this byte value) => value;

    /// <summary>A scalar from a short.</summary>
    public static Scalar ToScalar(this short value) => value;

    /// <summary>A scalar from an int.</summary>
    public static Scalar ToScalar(this int value) => value;

    /// <summary>A scalar from a long.</summary>
    public static Scalar ToScalar(this long value) => value;

    /// <summary>A scalar from a float.</summary>
    public static Scalar ToScalar(this float value) => value;

    /// <summary>A scalar from a double.</summary>
    public static Scalar ToScalar(this double value) => value;

    /// <summary>A scalar from a truth value.</summary>
    public static Scalar ToScalar(this bool value) => value;

    /// <summary>The number as a float.</summary>
    public static float ToSingle(this Scalar value) => (float)value.AsDouble;

    /// <summary>The number as a double.</summary>
    public static double ToDouble(this Scalar value) => value.AsDouble;

    /// <summary>The number as a half.</summary>
    public static Half ToHalf(this Scalar value) => (Half)value.AsDouble;

    /// <summary>The number as a byte.</summary>
    public static byte ToByte(this Scalar value) => (byte)value.AsLong;

    /// <summary>The number as a signed byte.</summary>
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.AsLong;

    /// <summary>The number as a short.</summary>
    public static short ToInt16(this Scalar value) => (short)value.AsLong;

    /// <summary>The number as an int.</summary>
    public static int ToInt32(this Scalar value) => (int)value.AsLong;

    /// <summary>The number as a long.</summary>
    public static long ToInt64(this Scalar value) => value.AsLong;

    /// <summary>Whether the number is not zero.</summary>
    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
