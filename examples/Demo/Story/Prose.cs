namespace CoMiGS.Demo.Story;

/// <summary>Small pieces of English.</summary>
internal static class Prose
{
    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IEnumerable<string> items)
    {
        var all = items.ToList();
        return all.Count <= 1 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    /// <summary>"12.3%".</summary>
    public static string Percent(double share) => $"{share * 100:0.0}%";

    /// <summary>"no device", "one device", "3 devices".</summary>
    public static string Devices(int count) => count switch { 0 => "no device", 1 => "one device", _ => $"{count} devices" };
}
