namespace CoMiGS.Transport.Http.Serving;

/// <summary>Room for a few updates that are in memory as a whole: the same memory for thousands of them, one after the other.</summary>
/// <param name="updates">How many at the same time; others wait.</param>
internal sealed class UpdateMemory(int updates)
{
    private const int Spare = 4096; // the next name may be longer
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = [];

    private SemaphoreSlim Room { get; } = new(updates);

    /// <summary>Lends memory to an update.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="use">What is done with it, and has ended with it when it returns.</param>
    /// <param name="connection">The sender's.</param>
    public async Task<T> LendAsync<T>(int bytes, Func<Memory<byte>, Task<T>> use, CancellationToken connection)
    {
        await Room.WaitAsync(connection).ConfigureAwait(false);
        var buffer = Take();
        try
        {
            if (buffer.Length < bytes)
            {
                buffer = new byte[(int)Math.Min((long)bytes + Spare, Array.MaxLength)];
            }

            return await use(buffer.AsMemory(0, bytes)).ConfigureAwait(false);
        }
        finally
        {
            Give(buffer);
            Room.Release();
        }
    }

    private byte[] Take()
    {
        lock (_lock)
        {
            return _free.TryPop(out var buffer) ? buffer : [];
        }
    }

    private void Give(byte[] buffer)
    {
        lock (_lock)
        {
            _free.Push(buffer);
        }
    }
}
