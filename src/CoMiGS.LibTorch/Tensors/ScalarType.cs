namespace TorchSharp;

public static partial class torch
{
    /// <summary>float64.</summary>
    public static readonly ScalarType float64 = ScalarType.Float64;

    /// <summary>float64.</summary>
    public static readonly ScalarType @double = ScalarType.Float64;

    /// <summary>float32.</summary>
    public static readonly ScalarType float32 = ScalarType.Float32;

    /// <summary>float32.</summary>
    public static readonly ScalarType @float = ScalarType.Float32;

    /// <summary>float16.</summary>
    public static readonly ScalarType float16 = ScalarType.Float16;

    /// <summary>float16.</summary>
    public static readonly ScalarType half = ScalarType.Float16;

    /// <summary>bfloat16.</summary>
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;

    /// <summary>int64.</summary>
    public static readonly ScalarType int64 = ScalarType.Int64;

    /// <summary>int64.</summary>
    public static readonly ScalarType @long = ScalarType.Int64;

    /// <summary>int32.</summary>
    public static readonly ScalarType int32 = ScalarType.Int32;

    /// <summary>int32.</summary>
    public static readonly ScalarType @int = ScalarType.Int32;

    /// <summary>int16.</summary>
    public static readonly ScalarType int16 = ScalarType.Int16;

    /// <summary>int16.</summary>
    public static readonly ScalarType @short = ScalarType.Int16;

    /// <summary>int8.</summary>
    public static readonly ScalarType int8 = ScalarType.Int8;

    /// <summary>uint8.</summary>
    public static readonly ScalarType uint8 = ScalarType.Byte;

    /// <summary>bool.</summary>
    public static readonly ScalarType @bool = ScalarType.Bool;

    /// <summary>The types of elements, with libtorch's numbers.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>uint8.</summary>
        Byte = 0,

        /// <summary>int8.</summary>
        Int8 = 1,

        /// <summary>int16.</summary>
        Int16 = 2,

        /// <summary>int32.</summary>
        Int32 = 3,

        /// <summary>int64.</summary>
        Int64 = 4,

        /// <summary>float16.</summary>
        Float16 = 5,

        /// <summary>float32.</summary>
        Float32 = 6,

        /// <summary>float64.</summary>
        Float64 = 7,

        /// <summary>bool.</summary>
        Bool = 11,

        /// <summary>bfloat16.</summary>
        BFloat16 = 15,
    }

    /// <summary>Whether a type is a floating-point type.</summary>
    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    /// <summary>Whether a tensor has floating-point elements.</summary>
    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);

    /// <summary>Whether a type holds integers or truth values.</summary>
    public static bool is_integral(ScalarType type) => type is >= ScalarType.Byte and <= ScalarType.Int64 or ScalarType.Bool;

    /// <summary>Whether a tensor holds integers or truth values.</summary>
    public static bool is_integral(Tensor t) => is_integral(t.dtype);
}
