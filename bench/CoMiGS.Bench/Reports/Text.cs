using System.Globalization;
using CoMiGS.Bench.Harness;

namespace CoMiGS.Bench.Reports;

/// <summary>Figures as the tables show them.</summary>
internal static class Text
{
    /// <summary>What stands for a figure that was not measured.</summary>
    public const string None = "-";

    /// <summary>Seconds in milliseconds, with three digits that matter.</summary>
    public static string Milliseconds(double? seconds) => Digits(seconds * 1e3);

    /// <summary>Bytes in megabytes.</summary>
    public static string Megabytes(double? bytes) => bytes is { } value ? (value / 1e6).ToString("0", CultureInfo.InvariantCulture) : None;

    /// <summary>A count, with commas.</summary>
    public static string Thousands(double? count) => Formatted(count, "#,0");

    /// <summary>A ratio.</summary>
    /// <param name="ratio">The ratio.</param>
    /// <param name="digits">Behind the point.</param>
    public static string Ratio(double? ratio, int digits = 2) => Formatted(ratio, $"F{digits}");

    /// <summary>A share in percent.</summary>
    public static string Percent(double? share) => share is { } value ? $"{(value * 100).ToString("0.0", CultureInfo.InvariantCulture)} %" : None;

    /// <summary>Three digits that matter.</summary>
    public static string Digits(double? value) => value switch
    {
        null => None,
        >= 100 => Formatted(value, "0"),
        >= 10 => Formatted(value, "0.0"),
        >= 1 => Formatted(value, "0.00"),
        _ => Formatted(value, "0.000"),
    };

    /// <summary>Median, minimum and spread of times: three cells.</summary>
    public static string[] Times(Sample? seconds) => [Milliseconds(seconds?.Median), Milliseconds(seconds?.Minimum), Percent(seconds?.Spread)];

    private static string Formatted(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? None;
}
