using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>The uploads on their way, by sender and content, and the receipts of the last ones. What nobody goes on with is dropped.</summary>
internal sealed class UploadShelf(HttpCoordinatorOptions options, TimeProvider time) : IDisposable
{
    private const int UploadsOfADevice = 3;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Device, string Hash), PartialUpload> _uploads = [];

    /// <summary>Begins an upload, or goes on with one.</summary>
    public PartialUpload Open(string? device, string hash, long bytes)
    {
        if (bytes < 1 || bytes > options.Limits.MaxBytes)
        {
            throw AnswerException.Refuse(StatusCodes.Status413PayloadTooLarge, RefusalCode.Malformed, $"The update has {bytes} bytes. At most {options.Limits.MaxBytes} are allowed.");
        }

        lock (_lock)
        {
            DropForgotten();
            if (_uploads.TryGetValue((device, hash), out var known) && known.Chunks.Total == bytes)
            {
                known.TouchedAt = time.GetTimestamp();
                return known;
            }

            MakeRoom(device, bytes);
            var upload = new PartialUpload(hash, new Chunks(bytes, options.ChunkBytes), options.UploadFolder) { TouchedAt = time.GetTimestamp() };
            Drop((device, hash));
            _uploads.Add((device, hash), upload);
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
                upload.TouchedAt = time.GetTimestamp();
            }

            return upload;
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
        lock (_lock)
        {
            foreach (var key in _uploads.Keys.ToList())
            {
                Drop(key);
            }
        }
    }

    private void MakeRoom(string? device, long bytes)
    {
        var own = _uploads.Where(upload => device is not null && upload.Key.Device == device).OrderBy(upload => upload.Value.TouchedAt).ToList();
        foreach (var (oldest, _) in own.Take(Math.Max(0, own.Count + 1 - UploadsOfADevice)))
        {
            Drop(oldest);
        }

        if (_uploads.Values.Where(upload => upload.Receipt is null).Sum(upload => upload.Chunks.Total) + bytes > options.UploadBytesOnDisk)
        {
            throw AnswerException.ComeBack(StatusCodes.Status503ServiceUnavailable, options.RetryAfter, options.RetryAfter * 2, "Too many updates are on their way at once.");
        }
    }

    private void DropForgotten()
    {
        foreach (var (key, _) in _uploads.Where(upload => time.GetElapsedTime(upload.Value.TouchedAt) > options.UploadKept).ToList())
        {
            Drop(key);
        }
    }

    private void Drop((string? Device, string Hash) key)
    {
        if (_uploads.Remove(key, out var upload))
        {
            upload.Dispose();
        }
    }
}
