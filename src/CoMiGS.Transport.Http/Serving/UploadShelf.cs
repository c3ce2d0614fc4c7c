using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>The uploads on their way, by sender and content, and the receipts of the last ones. What nobody goes on with is dropped.</summary>
internal sealed class UploadShelf : IDisposable
{
    private const int UploadsOfADevice = 3;
    private const int LooksInALifetime = 10; // for what is forgotten: each goes through all uploads, and a round has thousands
    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Device, string Hash), PartialUpload> _uploads = [];
    private readonly Dictionary<string, List<PartialUpload>> _own = new(StringComparer.Ordinal); // by device
    private readonly HttpCoordinatorOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _looks;
    private long _bytesOnTheWay;

    public UploadShelf(HttpCoordinatorOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var every = TimeSpan.FromTicks(Math.Clamp(options.UploadKept.Ticks / LooksInALifetime, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerDay)); // timers take neither less nor much more
        _looks = time.CreateTimer(_ => DropForgotten(), null, every, every);
    }

    /// <summary>Begins an upload, or goes on with one.</summary>
    public PartialUpload Open(string? device, string hash, long bytes)
    {
        if (bytes < 1 || bytes > _options.Limits.MaxBytes)
        {
            throw AnswerException.Refuse(StatusCodes.Status413PayloadTooLarge, RefusalCode.Malformed, $"The update has {bytes} bytes. At most {_options.Limits.MaxBytes} are allowed.");
        }

        lock (_lock)
        {
            if (_uploads.TryGetValue((device, hash), out var known) && known.Chunks.Total == bytes)
            {
                known.TouchedAt = _time.GetTimestamp();
                return known;
            }

            MakeRoom(device, bytes);
            var upload = new PartialUpload(hash, new Chunks(bytes, _options.ChunkBytes), _options.UploadFolder) { TouchedAt = _time.GetTimestamp() };
            Drop((device, hash));
            Add(device, upload);
            return upload;
        }
    }

    /// <returns>The upload; null if it was never begun or is dropped.</returns>
    public PartialUpload? Find(string? device, string hash)
    {
        lock (_lock)
        {
            if (_uploads.TryGetValue((device, hash), out var upload))
            {
                upload.TouchedAt = _time.GetTimestamp();
            }

            return upload;
        }
    }

    /// <summary>An update counts: its receipt stays, and its bytes go.</summary>
    public void Complete(string? device, PartialUpload upload, UpdateReceipt receipt)
    {
        lock (_lock)
        {
            if (_uploads.GetValueOrDefault((device, upload.Hash)) == upload)
            {
                _bytesOnTheWay -= upload.Chunks.Total;
            }

            upload.Complete(receipt);
        }
    }

    public void Drop(string? device, string hash)
    {
        lock (_lock)
        {
            Drop((device, hash));
        }
    }

    public void Dispose()
    {
        _looks.Dispose();
        lock (_lock)
        {
            foreach (var key in _uploads.Keys.ToList())
            {
                Drop(key);
            }
        }
    }

    private void Add(string? device, PartialUpload upload)
    {
        _uploads.Add((device, upload.Hash), upload);
        _bytesOnTheWay += upload.Chunks.Total;
        if (device is not null)
        {
            if (!_own.TryGetValue(device, out var own))
            {
                _own.Add(device, own = new(1)); // mostly one
            }

            own.Add(upload);
        }
    }

    private void MakeRoom(string? device, long bytes)
    {
        if (device is not null && _own.TryGetValue(device, out var own) && own.Count >= UploadsOfADevice)
        {
            Drop((device, own.MinBy(upload => upload.TouchedAt)!.Hash));
        }

        if (_bytesOnTheWay + bytes > _options.UploadBytesOnDisk)
        {
            throw AnswerException.ComeBack(StatusCodes.Status503ServiceUnavailable, _options.RetryAfter, _options.RetryAfter * 2, "Too many updates are on their way at once.");
        }
    }

    private void DropForgotten()
    {
        lock (_lock)
        {
            foreach (var (key, _) in _uploads.Where(upload => _time.GetElapsedTime(upload.Value.TouchedAt) > _options.UploadKept).ToList())
            {
                Drop(key);
            }
        }
    }

    private void Drop((string? Device, string Hash) key)
    {
        if (!_uploads.Remove(key, out var upload))
        {
            return;
        }

        if (key.Device is not null && _own[key.Device] is var own && own.Remove(upload) && own.Count == 0)
        {
            _own.Remove(key.Device);
        }

        _bytesOnTheWay -= upload.Receipt is null ? upload.Chunks.Total : 0;
        upload.Dispose();
    }
}
