using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>
/// A line between devices and coordinator that is as bad as its seed says. No connection lasts: it is cut, in the middle of what it carries or between, it is
/// held back for a while so that others pass it, it has bits flipped or two pieces exchanged, or what the device sent is sent once more over a connection of its own.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int Longest = 100_000;
    private const int Held = 50;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _lines = [];
    private readonly Lock _draw = new();
    private readonly Random _random;
    private readonly int _target;
    private readonly bool _flips;
    private readonly int _most;
    private int _struck;
    private readonly Task _accepting;

    /// <param name="target">The coordinator's port.</param>
    /// <param name="seed">What the faults are drawn from.</param>
    /// <param name="flips">Whether bits are flipped and pieces exchanged; only where TLS is there to notice in every place.</param>
    /// <param name="most">How many faults; then it is a line like any other.</param>
    public FaultProxy(int target, int seed, bool flips, int most = int.MaxValue)
    {
        (_target, _random, _flips, _most) = (target, new Random(seed), flips, most);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Fault
    {
        Cut,
        Truncate,
        Delay,
        Replay,
        Flip,
        Reorder,
    }

    public ConcurrentDictionary<Fault, int> Faults { get; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_lines);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var device = await _listener.AcceptTcpClientAsync(_stop.Token);
                _lines.Add(CarryAsync(device));
            }
            catch (OperationCanceledException)
            {
                return; // the test is over
            }
        }
    }

    private async Task CarryAsync(TcpClient device)
    {
        var (fault, after, toDevice) = Draw();
        using var line = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (device)
        using (var coordinator = new TcpClient())
        {
            try
            {
                await coordinator.ConnectAsync(IPAddress.Loopback, _target, line.Token);
                using var heard = new MemoryStream();
                var up = PumpAsync(device.GetStream(), coordinator.GetStream(), toDevice ? null : fault, after, fault == Fault.Replay ? heard : null, line.Token);
                var down = PumpAsync(coordinator.GetStream(), device.GetStream(), toDevice ? fault : null, after, null, line.Token);
                await await Task.WhenAny(up, down);
                await line.CancelAsync();
                await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (heard.Length > 0)
                {
                    await SendAgainAsync(heard.ToArray());
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The connection is broken, which is what this is for.
            }
        }
    }

    /// <summary>Every connection gets a fault, after so many bytes, in one of the two directions.</summary>
    private (Fault? Fault, int After, bool ToDevice) Draw()
    {
        lock (_draw)
        {
            if (_struck >= _most)
            {
                return (null, 0, false);
            }

            var fault = (Fault)_random.Next(_flips ? 6 : 4);
            return (fault, _random.Next(Longest), fault != Fault.Replay && _random.Next(2) == 0);
        }
    }

    private void Strike(Fault fault)
    {
        Interlocked.Increment(ref _struck);
        Faults.AddOrUpdate(fault, 1, (_, count) => count + 1);
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Fault? fault, int after, MemoryStream? heard, CancellationToken line)
    {
        var buffer = new byte[8192];
        var carried = 0;
        while (await from.ReadAsync(buffer, line) is var read and > 0)
        {
            if (fault is { } due && carried + read > after)
            {
                Strike(due);
                switch (fault)
                {
                    case Fault.Cut or Fault.Replay:
                        return;
                    case Fault.Truncate:
                        await to.WriteAsync(buffer.AsMemory(0, Math.Max(0, after - carried)), line);
                        return;
                    case Fault.Delay:
                        await Task.Delay(TimeSpan.FromMilliseconds(1 + (after % Held)), line);
                        (fault, after) = (Fault.Cut, after + Longest);
                        break;
                    case Fault.Flip:
                        buffer[Math.Clamp(after - carried, 0, read - 1)] ^= (byte)(1 << (after % 8));
                        fault = null; // one bit is enough
                        break;
                    case Fault.Reorder:
                        byte[] exchanged = [.. buffer[(read / 2)..read], .. buffer[..(read / 2)]];
                        exchanged.CopyTo(buffer, 0);
                        fault = null;
                        break;
                }
            }

            heard?.Write(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), line);
            carried += read;
        }
    }

    private async Task SendAgainAsync(byte[] bytes)
    {
        using var again = new TcpClient();
        await again.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
        var stream = again.GetStream();
        await stream.WriteAsync(bytes, _stop.Token);
        again.Client.Shutdown(SocketShutdown.Send);
        var answers = new byte[8192];
        while (await stream.ReadAsync(answers, _stop.Token) > 0)
        {
            // Nobody reads these answers.
        }
    }
}
