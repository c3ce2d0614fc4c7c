using System.Net;
using System.Net.Http.Headers;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>Fetches a payload in ranges, each of which is repeated alone if it does not get through; what is there already is not fetched.</summary>
internal sealed class Downloader(Caller caller, HttpDeviceOptions options)
{
    private const int Beginnings = 5;
    private readonly DownloadCache _cache = new(options.CacheFolder, options.Limits.MaxBytes);

    public async Task<byte[]> DownloadAsync(byte[] request, CancellationToken cancellationToken)
    {
        var path = Routes.OfShared(request);
        for (var beginning = 1; ; beginning++)
        {
            try
            {
                return await TryAsync(path, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenAnswerException e) when (e.IsLost && beginning < Beginnings)
            {
                // Other parameters stand there than those that were begun with: begin with them.
            }
        }
    }

    private async Task<byte[]> TryAsync(string path, CancellationToken cancellationToken)
    {
        var known = _cache.Hashes();
        var first = await FetchAsync(path, 0, known, null, default, cancellationToken).ConfigureAwait(false);
        if (first.Bytes is null)
        {
            return _cache.Find(first.Hash) ?? throw new BrokenAnswerException("The stored parameters are gone.", HttpStatusCode.NotFound);
        }

        var payload = new byte[first.Total];
        first.Bytes.CopyTo(payload, 0);
        var digests = new byte[ContentHash.DigestsOf(first.Total)];
        first.Digests.CopyTo(digests, 0);
        var chunks = new Chunks(first.Total, options.ChunkBytes);
        await TwoAtOnce.MoveAsync(
            Enumerable.Range(1, chunks.Count - 1),
            async (index, token) =>
            {
                var (offset, length) = ((int)chunks.OffsetOf(index), chunks.LengthOf(index));
                var into = new Place(payload.AsMemory(offset, length), digests.AsMemory(ContentHash.DigestsOf(offset), ContentHash.DigestsOf(length)));
                await FetchAsync(path, offset, [], first, into, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

        if (ContentHash.OfBlocks(digests) != first.Hash)
        {
            throw new BrokenAnswerException("The ranges do not make the whole that was promised.", HttpStatusCode.Conflict);
        }

        _cache.Keep(first.Hash, payload);
        return payload;
    }

    private ValueTask<Part> FetchAsync(string path, int offset, IReadOnlyList<string> known, Part? first, Place into, CancellationToken cancellationToken) => caller.SendAsync(
        HttpMethod.Get,
        path,
        null,
        (response, token) => ReadAsync(response, offset, known, first, into, token),
        options.RequestTimeout,
        cancellationToken,
        (headers, _) =>
        {
            headers.Range = new RangeHeaderValue(offset, offset + options.ChunkBytes - 1);
            foreach (var hash in known)
            {
                headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{hash}\""));
            }
        });

    private async Task<Part> ReadAsync(HttpResponseMessage response, int offset, IReadOnlyList<string> known, Part? first, Place into, CancellationToken cancellationToken)
    {
        var hash = response.Headers.ETag?.Tag.Trim('"') ?? "";
        if (first is not null && hash != first.Hash)
        {
            throw new BrokenAnswerException("The parameters changed during the download.", HttpStatusCode.Conflict);
        }

        if (response.StatusCode == HttpStatusCode.NotModified && known.Contains(hash))
        {
            return new Part(hash, 0, null, []);
        }

        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode != HttpStatusCode.PartialContent || !ContentHash.IsOne(hash) || range is not { From: { } from, Length: { } total } || from != offset)
        {
            throw Answers.Broken(response, ", which is no part of the shared parameters");
        }

        if (total > options.Limits.MaxBytes || (first is not null && total != first.Total))
        {
            throw new PayloadException($"The shared parameters have {total} bytes; at most {options.Limits.MaxBytes} are allowed.");
        }

        if (first is not null)
        {
            await Answers.ReadAsync(response, into.Bytes, into.Digests, cancellationToken).ConfigureAwait(false);
            return first;
        }

        var bytes = new byte[Math.Min(options.ChunkBytes, total)];
        var digests = new byte[ContentHash.DigestsOf(bytes.Length)];
        await Answers.ReadAsync(response, bytes, digests, cancellationToken).ConfigureAwait(false);
        return new Part(hash, total, bytes, digests);
    }

    /// <summary>A range of the payload; without bytes when the device has the whole.</summary>
    private sealed record Part(string Hash, long Total, byte[]? Bytes, byte[] Digests);

    /// <summary>Where a range and the digests of its blocks belong.</summary>
    private readonly record struct Place(Memory<byte> Bytes, Memory<byte> Digests);
}
