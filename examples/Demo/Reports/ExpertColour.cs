namespace CoMiGS.Demo.Reports;

/// <summary>Orange for the generalist, blue for specialists, stronger the clearer the router's choice.</summary>
internal static class ExpertColour
{
    private const int Strongest = 88;

    /// <summary>The CSS colour for a character of which the generalist has this weight; an even choice has none.</summary>
    public static string OfWeight(double generalist) =>
        Mix(generalist >= 0.5, (int)Math.Round(Math.Abs(generalist - 0.5) * 2 * Strongest / 4) * 4);

    /// <summary>The CSS colour for an expert with this share of the tokens.</summary>
    public static string OfShare(bool generalist, double share) => Mix(generalist, (int)Math.Round(share * Strongest));

    private static string Mix(bool generalist, int percent) =>
        $"color-mix(in srgb,var(--{(generalist ? "generalist" : "specialist")}) {percent}%,transparent)";
}
