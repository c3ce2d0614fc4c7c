namespace CoMiGS.Parameters;

/// <summary>A seed from which independent seeds for parts (a parameter, a batch, a device) are derived, without any shared state.</summary>
/// <param name="Value">The seed.</param>
public readonly record struct Seed(long Value)
{
    /// <summary>A seed for the part called <paramref name="label"/>; different labels give unrelated seeds.</summary>
    public Seed For(string label)
    {
        // FNV-1a over the UTF-16 units, scrambled before and after: stable across processes, unlike string.GetHashCode.
        var hash = 14695981039346656037UL ^ SeededRandom.Scramble((ulong)Value);
        foreach (var unit in label)
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }

        return new Seed((long)SeededRandom.Scramble(hash));
    }

    /// <summary>A seed for part number <paramref name="index"/>.</summary>
    public Seed For(long index) => new((long)SeededRandom.Scramble((ulong)Value ^ SeededRandom.Scramble((ulong)index + 0x9E3779B97F4A7C15UL)));

    /// <inheritdoc cref="Value"/>
    public static implicit operator Seed(long value) => new(value);
}
