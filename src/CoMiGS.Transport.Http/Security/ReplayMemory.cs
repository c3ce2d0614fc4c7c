namespace CoMiGS.Transport.Http.Security;

/// <summary>The proofs seen so far, for as long as their time would still be accepted: each counts once.</summary>
internal sealed class ReplayMemory(TimeSpan window)
{
    private const int MostRemembered = 1 << 20;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Proof, DateTimeOffset Forget)> _byAge = [];

    /// <returns>Whether the proof is new. When more are alive than memory is set aside for, none is.</returns>
    public bool IsNew(string device, string id, DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_byAge.TryPeek(out var oldest) && oldest.Forget < now)
            {
                _seen.Remove(_byAge.Dequeue().Proof);
            }

            var proof = $"{device}\n{id}";
            if (_seen.Count >= MostRemembered || !_seen.Add(proof))
            {
                return false;
            }

            _byAge.Enqueue((proof, now + window + window)); // made up to a window ahead of this clock, and accepted up to a window behind it
            return true;
        }
    }
}
