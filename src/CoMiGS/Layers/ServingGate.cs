using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Layers;

/// <summary>Lets any number of requests in, or one exchange of experts alone. Who waits longest goes first, so a stream of requests cannot keep an exchange waiting.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to free unless its wait handle is asked for.")]
internal sealed class ServingGate
{
    private readonly SemaphoreSlim _door = new(1, 1); // held for a moment by a request that enters, for its whole time by an exchange
    private readonly SemaphoreSlim _room = new(1, 1); // held by the requests together, or by an exchange
    private int _requests;

    /// <summary>Enters as a request.</summary>
    public IDisposable Enter()
    {
        _door.WaitAsync().GetAwaiter().GetResult(); // Wait() would pass those who wait without a thread
        return Entered();
    }

    /// <summary>Enters as a request.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _door.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Entered();
    }

    /// <summary>Enters alone, after the requests under way have left.</summary>
    public async Task<IDisposable> EnterAloneAsync(CancellationToken cancellationToken)
    {
        await _door.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _door.Release();
            throw;
        }

        return new Leaving(LeaveAlone);
    }

    /// <summary>Enters alone at once, or not at all.</summary>
    /// <exception cref="InvalidOperationException">Requests are under way.</exception>
    public IDisposable EnterAloneNow()
    {
        if (_door.Wait(0))
        {
            if (_room.Wait(0))
            {
                return new Leaving(LeaveAlone);
            }

            _door.Release();
        }

        throw new InvalidOperationException("Requests are being served with these experts, so they cannot be replaced now. Use SwapAsync or SwapExpertAsync, which wait, or dispose what Serve() returned.");
    }

    private Leaving Entered()
    {
        if (Interlocked.Increment(ref _requests) == 1)
        {
            _room.Wait(); // at most until the last request before has said that it left
        }

        _door.Release();
        return new Leaving(Leave);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _requests) == 0)
        {
            _room.Release();
        }
    }

    private void LeaveAlone()
    {
        _room.Release();
        _door.Release();
    }

    /// <summary>Leaves once, however often it is disposed.</summary>
    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
