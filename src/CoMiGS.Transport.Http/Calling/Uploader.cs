using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>Delivers a payload in chunks: asks which are missing, sends those, two at a time, and asks for the receipt.</summary>
internal sealed class Uploader(Caller caller, HttpDeviceOptions options)
{
    private const int Beginnings = 5;

    public async Task<UpdateReceipt> UploadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var digests = ContentHash.Blocks(payload);
        var hash = ContentHash.OfBlocks(digests);
        for (var beginning = 1; ; beginning++)
        {
            try
            {
                var (chunks, missing) = await OpenAsync(hash, payload.Length, cancellationToken).ConfigureAwait(false);
                await SendAsync(hash, payload, digests, chunks, missing, cancellationToken).ConfigureAwait(false);
                return await caller.SendAsync(HttpMethod.Post, Routes.OfReceipt(hash), Body.Empty, ReadReceiptAsync, options.RequestTimeout, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenAnswerException e) when (e.IsLost && beginning < Beginnings)
            {
                // The coordinator lost the upload, or part of it: it is asked anew what it has.
            }
        }
    }

    private ValueTask<(Chunks Chunks, IReadOnlyList<int> Missing)> OpenAsync(string hash, int bytes, CancellationToken cancellationToken) => caller.SendAsync(
        HttpMethod.Post,
        Routes.OfUpload(hash, bytes),
        Body.Empty,
        async (response, token) =>
        {
            if (!int.TryParse(Answers.Header(response, WireHeaders.ChunkBytes), out var size) || !Chunks.IsSize(size))
            {
                throw Answers.Broken(response, $", but its {WireHeaders.ChunkBytes} is none");
            }

            var chunks = new Chunks(bytes, size);
            var map = await Answers.ReadAsync(response, chunks.MapBytes, token).ConfigureAwait(false);
            return map.Length == chunks.MapBytes
                ? (chunks, (IReadOnlyList<int>)[.. chunks.Missing(map)])
                : throw Answers.Broken(response, $", but its map of chunks has {map.Length} bytes instead of {chunks.MapBytes}");
        },
        options.RequestTimeout,
        cancellationToken);

    private Task SendAsync(string hash, ReadOnlyMemory<byte> payload, byte[] digests, Chunks chunks, IReadOnlyList<int> missing, CancellationToken cancellationToken) => TwoAtOnce.MoveAsync(
        missing,
        async (index, token) =>
        {
            var (offset, length) = ((int)chunks.OffsetOf(index), chunks.LengthOf(index));
            var digest = ContentDigest.OfBlocks(digests.AsSpan(ContentHash.DigestsOf(offset), ContentHash.DigestsOf(length)));
            var chunk = new Body(payload.Slice(offset, length), digest);
            await caller.SendAsync(HttpMethod.Put, Routes.OfChunk(hash, index), chunk, (_, _) => Task.FromResult(true), options.RequestTimeout, token).ConfigureAwait(false);
        },
        cancellationToken);

    private async Task<UpdateReceipt> ReadReceiptAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        PayloadCodec.DecodeUpdateReceipt(await Answers.ReadAsync(response, Answers.LongestReply, cancellationToken).ConfigureAwait(false), options.Limits);
}
