namespace CoMiGS.Transport.Http.Security;

/// <summary>How often each caller may call: a bucket for each, refilled at a steady rate.</summary>
internal sealed class TokenBuckets(double perSecond, TimeProvider time)
{
    private const int ManyBuckets = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = new(StringComparer.Ordinal);
    private readonly double _burst = Math.Max(1, 2 * perSecond);

    /// <summary>Takes a token.</summary>
    /// <returns>Null if there was one; else how long until there is.</returns>
    public TimeSpan? Take(string caller)
    {
        lock (_lock)
        {
            var (now, tokens) = Level(caller);
            _buckets[caller] = (Math.Max(0, tokens < 1 ? tokens : tokens - 1), now);
            return tokens < 1 ? TimeSpan.FromSeconds((1 - tokens) / perSecond) : null;
        }
    }

    /// <summary>Whether the caller has no token left; takes none.</summary>
    public bool IsEmpty(string caller)
    {
        lock (_lock)
        {
            return Level(caller).Tokens < 1;
        }
    }

    private (long Now, double Tokens) Level(string caller)
    {
        var now = time.GetTimestamp();
        if (_buckets.TryGetValue(caller, out var bucket))
        {
            return (now, Refilled(bucket, now));
        }

        if (_buckets.Count >= ManyBuckets)
        {
            foreach (var (full, _) in _buckets.Where(other => Refilled(other.Value, now) >= _burst).ToList())
            {
                _buckets.Remove(full);
            }
        }

        return (now, _burst);
    }

    private double Refilled((double Tokens, long At) bucket, long now) =>
        Math.Min(_burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
}
