namespace CoMiGS.Aggregation.FedAmole;

/// <summary>Whether experts and devices can be brought together at all: with E experts on c of N devices each, <c>N fewest &lt;= E c &lt;= N most</c> and <c>c &lt;= N</c>.</summary>
/// <param name="options">The numbers asked for.</param>
internal sealed class AssignmentSize(FedAmoleOptions options)
{
    private int Places => options.Experts * options.DevicesPerExpert;

    /// <summary>Why so many devices do not fit, and what would; null if they do.</summary>
    public string? Objection(int devices) => Fits(devices) ? null
        : $"FedAmole puts each of {options.Experts} experts on {options.DevicesPerExpert} devices, {Places} places in a layer, and a device takes {(options.SameNumber ? "the same number as every other, " : "")}{options.FewestPerDevice} to {options.MostPerDevice}. "
            + $"With {devices} {(devices == 1 ? "device" : "devices")} that cannot be. What fits: {string.Join("; ", WhatFits(devices))}.";

    /// <summary>The number of copies of an expert, and the bounds of a device, for a round that has another number of devices than was expected; null if no number fits.</summary>
    public (int Copies, int Fewest, int Most)? For(int devices)
    {
        if (options.SameNumber && Fits(devices))
        {
            return (options.DevicesPerExpert, Places / devices, Places / devices);
        }

        var least = Up((long)devices * options.FewestPerDevice, options.Experts);
        var largest = Math.Min(devices, (long)devices * options.MostPerDevice / options.Experts);
        return largest < Math.Max(1, least) ? null : ((int)Math.Clamp(options.DevicesPerExpert, Math.Max(1, least), largest), options.FewestPerDevice, options.MostPerDevice);
    }

    private bool Fits(long devices) =>
        devices >= options.DevicesPerExpert && devices * options.FewestPerDevice <= Places && devices * options.MostPerDevice >= Places && (!options.SameNumber || Places % devices == 0);

    private IEnumerable<string> WhatFits(long devices)
    {
        var (experts, copies) = (options.Experts, options.DevicesPerExpert);
        foreach (var (name, fitting) in new (string, IEnumerable<long>)[]
        {
            ("Experts", Range(Math.Max(options.FewestPerDevice, Up(devices * options.FewestPerDevice, copies)), devices * options.MostPerDevice / copies).Where(e => copies <= devices && (!options.SameNumber || e * copies % devices == 0))),
            ("DevicesPerExpert", Range(Math.Max(1, Up(devices * options.FewestPerDevice, experts)), Math.Min(devices, devices * options.MostPerDevice / experts)).Where(c => !options.SameNumber || c * experts % devices == 0)),
            ("devices", Range(Math.Max(copies, Up(Places, options.MostPerDevice)), Places / options.FewestPerDevice).Where(Fits)),
        })
        {
            var values = fitting.ToList();
            yield return values.Count == 0 ? $"no number of {name} alone" : $"{name} {Listed(values)}";
        }
    }

    private static string Listed(List<long> values) => values[^1] - values[0] == values.Count - 1 && values.Count > 2 ? $"{values[0]} to {values[^1]}" : string.Join(", ", values);

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var value = first; value <= last; value++)
        {
            yield return value;
        }
    }

    private static long Up(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
