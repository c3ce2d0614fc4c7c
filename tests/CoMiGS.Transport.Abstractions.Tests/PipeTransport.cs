using System.Buffers.Binary;
using System.IO.Pipes;

namespace CoMiGS.Transport.Tests;

/// <summary>The transport that <c>docs/write-a-transport.md</c> walks through: over a named pipe, between processes of one machine.</summary>
public sealed class PipeTransport(string name, PayloadLimits limits) : IDeviceTransport, ICoordinatorTransport
{
    private int _serving;

    public async Task ServeAsync(ICoordinatorEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _serving, 1) == 1)
        {
            throw new InvalidOperationException("The transport already serves a coordinator.");
        }

        var calls = new List<Task>();
        var pipe = Listen();
        while (await IsConnectedAsync(pipe, cancellationToken))
        {
            var connected = pipe;
            pipe = Listen(); // before the call can end: once none of its pipes is left, a name drops all who wait in its queue
            calls.RemoveAll(call => call.IsCompleted);
            calls.Add(AnswerAsync(connected, endpoint, cancellationToken));
        }

        await Task.WhenAll(calls);
        _serving = 0;
    }

    private NamedPipeServerStream Listen() =>
        new(name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);

    private static async Task<bool> IsConnectedAsync(NamedPipeServerStream pipe, CancellationToken stopped)
    {
        try
        {
            await pipe.WaitForConnectionAsync(stopped);
            return true;
        }
        catch (OperationCanceledException)
        {
            await pipe.DisposeAsync();
            return false;
        }
    }

    private async Task AnswerAsync(NamedPipeServerStream pipe, ICoordinatorEndpoint endpoint, CancellationToken stopped)
    {
        await using var owned = pipe;
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        try
        {
            var question = await ReadAsync(pipe, connection.Token);
            var gone = WatchAsync(pipe, connection);
            await WriteAsync(pipe, await AnswerAsync(question, endpoint, connection.Token), connection.Token);
            await gone; // the device closes first, so that nothing of the answer is lost
        }
        catch (Exception)
        {
            // The device has gone, the service has ended, or the endpoint failed: the closed pipe tells the device.
        }
    }

    private async Task<byte[]> AnswerAsync(byte[] question, ICoordinatorEndpoint endpoint, CancellationToken connection)
    {
        try
        {
            return PayloadCodec.KindOf(question) switch
            {
                PayloadKind.CheckIn => PayloadCodec.Encode(await endpoint.CheckInAsync(PayloadCodec.DecodeCheckIn(question, limits), connection), limits),
                PayloadKind.DownloadRequest => PayloadCodec.Encode(await endpoint.DownloadAsync(PayloadCodec.DecodeDownloadRequest(question, limits), connection), limits),
                _ => PayloadCodec.Encode(await endpoint.UploadAsync(PayloadCodec.DecodeExpertUpdate(question, limits), connection), limits),
            };
        }
        catch (RefusedException e)
        {
            return PayloadCodec.Encode(e.Refusal, limits);
        }
    }

    private static async Task WatchAsync(NamedPipeServerStream pipe, CancellationTokenSource connection)
    {
        try
        {
            _ = await pipe.ReadAsync(new byte[1], connection.Token); // a device asks one question; what comes after it is the end
        }
        finally
        {
            await connection.CancelAsync();
        }
    }

    public async Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default) =>
        PayloadCodec.DecodeCheckInReply(await AskAsync(PayloadCodec.Encode(checkIn, limits), cancellationToken), limits);

    public async Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default)
    {
        var answer = await AskAsync(PayloadCodec.Encode(request, limits), cancellationToken);
        return PayloadCodec.KindOf(answer) == PayloadKind.Refused
            ? throw new RefusedException((Refused)PayloadCodec.DecodeCheckInReply(answer, limits))
            : PayloadCodec.DecodeTensorSet(answer, limits);
    }

    public async Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default) =>
        PayloadCodec.DecodeUpdateReceipt(await AskAsync(PayloadCodec.Encode(update, limits), cancellationToken), limits);

    private async Task<byte[]> AskAsync(byte[] question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(cancellationToken); // waits for a coordinator
            await WriteAsync(pipe, question, cancellationToken);
            return await ReadAsync(pipe, cancellationToken);
        }
        catch (IOException e)
        {
            throw new TransportException("The pipe closed before the answer came. Repeat the call.", e);
        }
    }

    private static async Task WriteAsync(PipeStream pipe, byte[] message, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        await pipe.WriteAsync(length, cancellationToken);
        await pipe.WriteAsync(message, cancellationToken);
    }

    private async Task<byte[]> ReadAsync(PipeStream pipe, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        await pipe.ReadExactlyAsync(length, cancellationToken);
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (bytes < 0 || bytes > limits.MaxBytes)
        {
            throw new PayloadException($"The message declares {bytes} bytes; at most {limits.MaxBytes} are allowed."); // before memory is taken
        }

        var message = new byte[bytes];
        await pipe.ReadExactlyAsync(message, cancellationToken);
        return message;
    }
}
