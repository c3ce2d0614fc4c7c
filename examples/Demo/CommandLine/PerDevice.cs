namespace CoMiGS.Demo.CommandLine;

/// <summary>Lists with a number for each device, such as <c>120,120,8,8</c>.</summary>
public static class PerDevice
{
    /// <summary>The numbers of <paramref name="text"/>, or what is wrong with it.</summary>
    public static (IReadOnlyList<int> Values, string? Problem) Parse(string text, int least, int most)
    {
        var values = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part.Trim(), out var value) || value < least || value > most)
            {
                return ([], $"'{part.Trim()}' is not a whole number from {least} to {most}; write one number for all devices, or one for each, such as 120,120,8,8");
            }

            values.Add(value);
        }

        return (values, null);
    }

    /// <summary>The numbers for <paramref name="devices"/> devices; a single number counts for all.</summary>
    /// <exception cref="DemoException">There are more or fewer numbers than devices.</exception>
    public static IReadOnlyList<int> Spread(string option, IReadOnlyList<int> values, int devices) =>
        values.Count == devices ? values
        : values.Count == 1 ? [.. Enumerable.Repeat(values[0], devices)]
        : throw new DemoException($"{option} has {values.Count} numbers, but there are {devices} devices. Give {devices}, or one for all.");
}
