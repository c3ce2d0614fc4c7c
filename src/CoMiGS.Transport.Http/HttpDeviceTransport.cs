using System.Buffers;
using CoMiGS.Transport.Http.Calling;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http;

/// <summary>A device's end over HTTPS: repeats what does not get through, goes on with transfers where they broke off, and downloads nothing that it has.</summary>
public sealed class HttpDeviceTransport : IDeviceTransport, IDisposable
{
    private readonly HttpDeviceOptions _options;
    private readonly Caller _caller;
    private readonly Uploader _uploader;
    private readonly Downloader _downloader;
    private ArrayBufferWriter<byte>? _buffer = new(); // of the last update, for the next

    /// <summary>The way to a coordinator; nothing is sent yet.</summary>
    /// <param name="address">The coordinator's address, for example <c>https://coordinator:5001</c>.</param>
    /// <param name="options">The device's identity, and how patient it is.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <exception cref="ArgumentException">The options break rules; all are listed.</exception>
    public HttpDeviceTransport(Uri address, HttpDeviceOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Violations(address).ToList() is { Count: > 0 } violations)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, violations), nameof(options));
        }

        _options = options;
        _caller = new Caller(address, options, time ?? TimeProvider.System);
        _uploader = new Uploader(_caller, options);
        _downloader = new Downloader(_caller, options);
    }

    /// <inheritdoc/>
    public async Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default)
    {
        var question = PayloadCodec.Encode(checkIn, _options.Limits);
        try
        {
            return await ThroughAsync(
                _caller.SendAsync(HttpMethod.Post, Routes.OfCheckIn, Body.Of(question), ReadReplyAsync, _options.CheckInTimeout, cancellationToken).AsTask()).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            return e.Refusal;
        }
    }

    /// <inheritdoc/>
    public async Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default)
    {
        var payload = await ThroughAsync(_downloader.DownloadAsync(PayloadCodec.Encode(request, _options.Limits), cancellationToken)).ConfigureAwait(false);
        return PayloadCodec.DecodeTensorSet(payload, _options.Limits);
    }

    /// <inheritdoc/>
    public async Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default)
    {
        var payload = Interlocked.Exchange(ref _buffer, null) ?? new ArrayBufferWriter<byte>();
        payload.ResetWrittenCount();
        PayloadCodec.Encode(update, payload, _options.Limits);
        try
        {
            var receipt = await ThroughAsync(_uploader.UploadAsync(payload.WrittenMemory, cancellationToken)).ConfigureAwait(false);
            _buffer = payload;
            return receipt;
        }
        catch (RefusedException e)
        {
            return UpdateReceipt.Refuse(e.Refusal.Code, e.Refusal.Reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    private static async Task<T> ThroughAsync<T>(Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (BrokenAnswerException e)
        {
            throw new TransportException($"The message did not get through. {e.Message}", e);
        }
    }

    private async Task<CheckInReply> ReadReplyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        PayloadCodec.DecodeCheckInReply(await Answers.ReadAsync(response, Answers.LongestReply, cancellationToken).ConfigureAwait(false), _options.Limits);
}
