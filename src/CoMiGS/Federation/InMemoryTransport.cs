using CoMiGS.Diagnostics;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>
/// Both ends of a transport within one process, for simulations, demos and tests. Every message goes through <see cref="PayloadCodec"/> as bytes,
/// so nothing gets across that would not get across a network, and what a network would carry is counted.
/// </summary>
/// <remarks>Thread-safe. Devices that call before <see cref="ServeAsync"/> wait for it; once it has ended their calls fail.</remarks>
/// <param name="limits">The limits of messages; <see cref="PayloadLimits.Default"/> if none are given.</param>
/// <param name="onMessage">Sees the bytes of every message on the way; may be called by several devices at once.</param>
public sealed class InMemoryTransport(PayloadLimits? limits = null, Action<WireDirection, ReadOnlyMemory<byte>>? onMessage = null) : IDeviceTransport, ICoordinatorTransport
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<Line> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesToCoordinator;
    private long _bytesToDevices;

    /// <summary>Bytes of all messages from devices so far.</summary>
    public long BytesToCoordinator => Interlocked.Read(ref _bytesToCoordinator);

    /// <summary>Bytes of all messages to devices so far.</summary>
    public long BytesToDevices => Interlocked.Read(ref _bytesToDevices);

    /// <inheritdoc/>
    public TransportTraffic? Traffic => new(BytesToCoordinator, BytesToDevices);

    /// <inheritdoc/>
    public async Task ServeAsync(ICoordinatorEndpoint endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        OpenLine(new Line(endpoint, cancellationToken));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(PayloadCodec.Encode(checkIn, limits), AnswerCheckInAsync, cancellationToken).ConfigureAwait(false);
        return PayloadCodec.DecodeCheckInReply(reply, limits);
    }

    /// <inheritdoc/>
    public async Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(PayloadCodec.Encode(request, limits), AnswerDownloadAsync, cancellationToken).ConfigureAwait(false);
        return PayloadCodec.KindOf(reply) == PayloadKind.Refused
            ? throw new RefusedException((Refused)PayloadCodec.DecodeCheckInReply(reply, limits))
            : PayloadCodec.DecodeTensorSet(reply, limits);
    }

    /// <inheritdoc/>
    public async Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(PayloadCodec.Encode(update, limits), AnswerUploadAsync, cancellationToken).ConfigureAwait(false);
        return PayloadCodec.DecodeUpdateReceipt(reply, limits);
    }

    private void OpenLine(Line line)
    {
        lock (_lock)
        {
            if (_line.Task.IsCompleted)
            {
                if (!_line.Task.Result.Stopped.IsCancellationRequested)
                {
                    throw new InvalidOperationException("The transport already serves a coordinator. Stop that one first, or use a transport for each.");
                }

                _line = new TaskCompletionSource<Line>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _line.SetResult(line);
        }
    }

    private async Task<byte[]> AskAsync(byte[] request, Func<ICoordinatorEndpoint, byte[], CancellationToken, Task<byte[]>> answer, CancellationToken cancellationToken)
    {
        var line = await CurrentLine().WaitAsync(cancellationToken).ConfigureAwait(false);
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, line.Stopped);
        try
        {
            connection.Token.ThrowIfCancellationRequested();
            Carry(WireDirection.ToCoordinator, request);
            var reply = await answer(line.Endpoint, request, connection.Token).ConfigureAwait(false);
            Carry(WireDirection.ToDevice, reply);
            return reply;
        }
        catch (OperationCanceledException e) when (line.Stopped.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransportException("The coordinator has stopped serving. Repeat the call once it serves again.", e);
        }
    }

    private Task<Line> CurrentLine()
    {
        lock (_lock)
        {
            return _line.Task;
        }
    }

    private async Task<byte[]> AnswerCheckInAsync(ICoordinatorEndpoint endpoint, byte[] request, CancellationToken connection) =>
        PayloadCodec.Encode(await endpoint.CheckInAsync(PayloadCodec.DecodeCheckIn(request, limits), connection).ConfigureAwait(false), limits);

    private async Task<byte[]> AnswerDownloadAsync(ICoordinatorEndpoint endpoint, byte[] request, CancellationToken connection)
    {
        try
        {
            return PayloadCodec.Encode(await endpoint.DownloadAsync(PayloadCodec.DecodeDownloadRequest(request, limits), connection).ConfigureAwait(false), limits);
        }
        catch (RefusedException e)
        {
            return PayloadCodec.Encode(e.Refusal, limits);
        }
    }

    private async Task<byte[]> AnswerUploadAsync(ICoordinatorEndpoint endpoint, byte[] request, CancellationToken connection) =>
        PayloadCodec.Encode(await endpoint.UploadAsync(PayloadCodec.DecodeExpertUpdate(request, limits), connection).ConfigureAwait(false), limits);

    private void Carry(WireDirection direction, byte[] message)
    {
        var toCoordinator = direction == WireDirection.ToCoordinator;
        Interlocked.Add(ref toCoordinator ? ref _bytesToCoordinator : ref _bytesToDevices, message.Length);
        FederationMetrics.Carried(message.Length, toCoordinator);
        onMessage?.Invoke(direction, message);
    }

    private sealed record Line(ICoordinatorEndpoint Endpoint, CancellationToken Stopped);
}
