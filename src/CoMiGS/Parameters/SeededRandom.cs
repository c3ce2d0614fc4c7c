namespace CoMiGS.Parameters;

/// <summary>SplitMix64: a small generator whose whole state is one number, identical on every platform.</summary>
/// <remarks>Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.</remarks>
public struct SeededRandom
{
    private ulong _state;

    /// <summary>Starts the stream of <paramref name="seed"/>.</summary>
    public SeededRandom(Seed seed) => _state = (ulong)seed.Value;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Scramble(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, <paramref name="bound"/>), without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public long NextInt64(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong bits;
        do
        {
            bits = NextBits();
        }
        while (bits >= limit);

        return (long)(bits % (ulong)bound);
    }

    /// <summary>A standard normal number (Box-Muller).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    internal static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
