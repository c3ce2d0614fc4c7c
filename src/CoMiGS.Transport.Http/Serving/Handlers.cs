using System.Buffers.Text;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Answers the requests of devices that are let in.</summary>
internal sealed class Handlers(HttpCoordinatorOptions options, ILogger logger)
{
    public async Task CheckInAsync(HttpContext context, Session session, Visitor visitor, CancellationToken connection)
    {
        var checkIn = PayloadCodec.DecodeCheckIn(await Bodies.ReadAsync(context, options.Limits, connection).ConfigureAwait(false), options.Limits);
        visitor.RequireToBe(checkIn.Device);
        var reply = session.Pacer.Arrive() ?? await session.Endpoint.CheckInAsync(checkIn, connection).ConfigureAwait(false);
        await AnswerAsync(context, PayloadCodec.Encode(reply, options.Limits), connection).ConfigureAwait(false);
    }

    public async Task DownloadAsync(HttpContext context, Session session, Visitor visitor, CancellationToken connection)
    {
        var request = PayloadCodec.DecodeDownloadRequest(Payload((string)context.Request.RouteValues["request"]!), options.Limits);
        visitor.RequireToBe(request.Device);
        var tensors = await session.Endpoint.DownloadAsync(request, connection).ConfigureAwait(false);
        var set = EncodedSet.Of(tensors, options.Limits);
        var tag = new EntityTagHeaderValue($"\"{set.Hash}\"");
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        var headers = context.Request.GetTypedHeaders();
        if (headers.IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: true)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await SendAsync(context, set, headers.Range, connection).ConfigureAwait(false);
    }

    public static Task OpenUploadAsync(HttpContext context, Session session, Visitor visitor, CancellationToken connection)
    {
        _ = long.TryParse(context.Request.Query[Routes.BytesQuery], out var bytes);
        var upload = session.Uploads.Open(visitor.Device, Hash(context), bytes);
        context.Response.Headers[WireHeaders.ChunkBytes] = upload.Chunks.Size.ToString();
        return Bodies.WriteAsync(context, StatusCodes.Status200OK, upload.Map(), WireHeaders.Bytes, connection);
    }

    public static async Task TakeChunkAsync(HttpContext context, Session session, Visitor visitor, CancellationToken connection)
    {
        var upload = Find(context, session, visitor);
        var index = int.Parse((string)context.Request.RouteValues["index"]!);
        if (index >= upload.Chunks.Count)
        {
            throw AnswerException.Refuse(StatusCodes.Status400BadRequest, RefusalCode.Malformed, $"The upload has {upload.Chunks.Count} chunks; {index} is none of them.");
        }

        Bodies.Require(context, Chunks.LargestSize, exactly: upload.Chunks.LengthOf(index));
        if (upload.Content is { } content)
        {
            try
            {
                await content.PutAsync(index, context.Request.Body, context.Request.Headers[WireHeaders.ContentDigest], ChunkRoom.Of(context, visitor), connection).ConfigureAwait(false);
            }
            catch (ObjectDisposedException) when (!connection.IsCancellationRequested)
            {
                if (upload.Receipt is null)
                {
                    throw Lost(); // dropped meanwhile
                }
            }
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task FinishUploadAsync(HttpContext context, Session session, Visitor visitor, CancellationToken connection)
    {
        var upload = Find(context, session, visitor);
        var receipt = upload.Content is { } content ? await FinishAsync(upload, content, session, visitor, connection).ConfigureAwait(false) : upload.Receipt!;
        await AnswerAsync(context, PayloadCodec.Encode(receipt, options.Limits), connection).ConfigureAwait(false);
    }

    private async Task<UpdateReceipt> FinishAsync(PartialUpload upload, UploadContent content, Session session, Visitor visitor, CancellationToken connection)
    {
        await content.Finishing.WaitAsync(connection).ConfigureAwait(false);
        try
        {
            return upload.Receipt ?? await CountAsync(upload, content, session, visitor, connection).ConfigureAwait(false);
        }
        finally
        {
            content.Finishing.Release();
        }
    }

    private static string Hash(HttpContext context)
    {
        var hash = (string)context.Request.RouteValues["hash"]!;
        return ContentHash.IsOne(hash) ? hash : throw AnswerException.Refuse(StatusCodes.Status400BadRequest, RefusalCode.Malformed, "An upload is named by the hash of its content (docs/protocol.md), 64 lower-case hexadecimal digits.");
    }

    private static PartialUpload Find(HttpContext context, Session session, Visitor visitor) =>
        session.Uploads.Find(visitor.Device, Hash(context)) ?? throw Lost();

    private static AnswerException Lost() => new(StatusCodes.Status404NotFound, null, "The upload is not known (any more). Begin it again.");

    private static byte[] Payload(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException e)
        {
            throw new PayloadException("The request is not base64url.", e);
        }
    }

    private static Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> payload, CancellationToken connection) =>
        Bodies.WriteAsync(context, StatusCodes.Status200OK, payload, WireHeaders.Payload, connection);

    private static Task SendAsync(HttpContext context, EncodedSet set, RangeHeaderValue? wanted, CancellationToken connection)
    {
        var payload = set.Payload;
        context.Response.Headers.AcceptRanges = "bytes";
        if (wanted is not { Ranges.Count: 1 } || wanted.Ranges.First() is not { From: { } from } range)
        {
            return Bodies.WriteAsync(context, StatusCodes.Status200OK, payload, WireHeaders.Payload, connection); // RFC 9110: a range may be ignored
        }

        if (from >= payload.Length)
        {
            context.Response.Headers.ContentRange = new ContentRangeHeaderValue(payload.Length).ToString();
            throw AnswerException.Refuse(StatusCodes.Status416RangeNotSatisfiable, RefusalCode.Malformed, $"The range begins at {from}, but there are {payload.Length} bytes.");
        }

        var to = Math.Min(range.To ?? long.MaxValue, payload.Length - 1);
        var part = payload[(int)from..((int)to + 1)];
        var digest = set.DigestOf((int)from, part.Length);
        context.Response.Headers.ContentRange = new ContentRangeHeaderValue(from, to, payload.Length).ToString();
        return Bodies.WriteAsync(context, StatusCodes.Status206PartialContent, part, WireHeaders.Bytes, connection, digest);
    }

    private async Task<UpdateReceipt> CountAsync(PartialUpload upload, UploadContent content, Session session, Visitor visitor, CancellationToken connection)
    {
        if (!content.IsWhole)
        {
            throw new AnswerException(StatusCodes.Status409Conflict, null, "Chunks are missing. Ask which, and send them.");
        }

        try
        {
            return await session.Memory.LendAsync(checked((int)upload.Chunks.Total), memory => CountAsync(upload, content, memory, session, visitor, connection), connection).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw Lost(); // dropped meanwhile
        }
    }

    private async Task<UpdateReceipt> CountAsync(PartialUpload upload, UploadContent content, Memory<byte> memory, Session session, Visitor visitor, CancellationToken connection)
    {
        if (!await content.ReadAsync(memory, upload.Hash, connection).ConfigureAwait(false))
        {
            session.Uploads.Drop(visitor.Device, upload.Hash);
            throw Lost();
        }

        var receipt = await JudgeAsync(memory, session, visitor, connection).ConfigureAwait(false);
        if (receipt.Accepted)
        {
            session.Uploads.Complete(visitor.Device, upload, receipt);
        }
        else
        {
            session.Uploads.Drop(visitor.Device, upload.Hash); // another time it may be due
        }

        return receipt;
    }

    private async Task<UpdateReceipt> JudgeAsync(ReadOnlyMemory<byte> payload, Session session, Visitor visitor, CancellationToken connection)
    {
        ExpertUpdate update;
        try
        {
            update = PayloadCodec.DecodeExpertUpdate(payload, options.Limits);
            visitor.RequireToBe(update.Device);
        }
        catch (PayloadException e)
        {
            logger.UpdateUnreadable(payload.Length, visitor.Device ?? "unknown", nameof(RefusalCode.Malformed));
            HttpTransportMetrics.UpdateRefused(nameof(RefusalCode.Malformed));
            return UpdateReceipt.Refuse(RefusalCode.Malformed, e.Message);
        }
        catch (AnswerException)
        {
            HttpTransportMetrics.UpdateRefused(nameof(RefusalCode.Identity));
            throw; // it is logged where it is answered
        }

        return await session.Endpoint.UploadAsync(update, connection).ConfigureAwait(false);
    }
}
