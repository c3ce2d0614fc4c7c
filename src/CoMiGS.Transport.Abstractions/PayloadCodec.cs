using System.Buffers;
using CoMiGS.Transport.Payload;

namespace CoMiGS.Transport;

/// <summary>
/// Messages as bytes. Little endian throughout:
/// <code>
/// "CMGS" | major u8 | minor u8 | kind u8 | 0 u8 | body length u64 | body
/// </code>
/// A name or sentence is its length (u16) and UTF-8; a list its count (u32) and items; a tensor set the specs of all its tensors, zeros up
/// to a multiple of 8, the length of the data (u64) and the numbers of one tensor after the other.
/// </summary>
/// <remarks>
/// Bytes are taken for hostile: every length is held against the <see cref="PayloadLimits"/> and against the bytes that are left before memory
/// is taken for it, and whatever is wrong with the content is a <see cref="PayloadException"/>. A newer major version is refused by name; a
/// newer minor version may end its body with fields that this one does not read.
/// </remarks>
public static class PayloadCodec
{
    /// <summary>The major version: messages of another one cannot be read.</summary>
    /// <value>1</value>
    public const byte MajorVersion = 1;

    /// <summary>
    /// The minor version: a newer one may add fields at the end. 1 added adapters and abilities to check-ins; without them there are none. 2 added bfloat16, int8 and
    /// differences, which a plan asks for: without them all is float32, and values.
    /// </summary>
    /// <value>2</value>
    public const byte MinorVersion = 2;

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    /// <param name="message">A check-in.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static byte[] Encode(CheckIn message, PayloadLimits? limits = null) =>
        Write(PayloadKind.CheckIn, message, CheckInPayload.Write, limits);

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    /// <param name="message">The answer to a check-in, of any kind.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static byte[] Encode(CheckInReply message, PayloadLimits? limits = null) => message switch
    {
        RoundPlan plan => Write(PayloadKind.RoundPlan, plan, ReplyPayload.Write, limits),
        RetryWindow window => Write(PayloadKind.RetryWindow, window, ReplyPayload.Write, limits),
        RunFinished finished => Write(PayloadKind.RunFinished, finished, ReplyPayload.Write, limits),
        Refused refused => Write(PayloadKind.Refused, refused, ReplyPayload.Write, limits),
        _ => throw new ArgumentNullException(nameof(message)),
    };

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    /// <param name="message">A download request.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static byte[] Encode(DownloadRequest message, PayloadLimits? limits = null) =>
        Write(PayloadKind.DownloadRequest, message, CheckInPayload.Write, limits);

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    /// <param name="message">An update.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static byte[] Encode(ExpertUpdate message, PayloadLimits? limits = null) =>
        Write(PayloadKind.ExpertUpdate, message, UpdatePayload.Write, limits, message?.Tensors);

    /// <summary>Puts the bytes of <paramref name="message"/> behind what is in a buffer, which whoever sends or writes many updates uses again and again.</summary>
    /// <param name="message">An update.</param>
    /// <param name="buffer">The buffer; after an exception it may hold part of the message.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static void Encode(ExpertUpdate message, ArrayBufferWriter<byte> buffer, PayloadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Write(PayloadKind.ExpertUpdate, message, UpdatePayload.Write, limits, message?.Tensors, buffer);
    }

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    /// <param name="message">A receipt.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static byte[] Encode(UpdateReceipt message, PayloadLimits? limits = null) =>
        Write(PayloadKind.UpdateReceipt, message, UpdatePayload.Write, limits);

    /// <summary>The bytes of <paramref name="message"/>.</summary>
    /// <param name="message">Shared parameters.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static byte[] Encode(TensorSet message, PayloadLimits? limits = null) =>
        Write(PayloadKind.TensorSet, message, TensorPayload.Write, limits, message);

    /// <summary>Puts the bytes of <paramref name="message"/> behind what is in a buffer.</summary>
    /// <param name="message">Shared parameters.</param>
    /// <param name="buffer">The buffer; after an exception it may hold part of the message.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <exception cref="PayloadException">The message breaks a limit.</exception>
    public static void Encode(TensorSet message, ArrayBufferWriter<byte> buffer, PayloadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Write(PayloadKind.TensorSet, message, TensorPayload.Write, limits, message, buffer);
    }

    /// <summary>Which message a payload holds, by its header alone.</summary>
    /// <param name="payload">The payload.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="PayloadException">The header is none of this protocol.</exception>
    public static PayloadKind KindOf(ReadOnlyMemory<byte> payload) => PayloadHeader.Read(payload.Span).Kind;

    /// <summary>Reads a check-in.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PayloadException">The bytes are not such a message, or break a limit.</exception>
    public static CheckIn DecodeCheckIn(ReadOnlyMemory<byte> payload, PayloadLimits? limits = null) =>
        Read(payload, PayloadKind.CheckIn, CheckInPayload.ReadCheckIn, limits);

    /// <summary>Reads the answer to a check-in, of any kind.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PayloadException">The bytes are not such a message, or break a limit.</exception>
    public static CheckInReply DecodeCheckInReply(ReadOnlyMemory<byte> payload, PayloadLimits? limits = null) => KindOf(payload) switch
    {
        PayloadKind.RoundPlan => Read<CheckInReply>(payload, PayloadKind.RoundPlan, ReplyPayload.ReadRoundPlan, limits),
        PayloadKind.RetryWindow => Read<CheckInReply>(payload, PayloadKind.RetryWindow, ReplyPayload.ReadRetryWindow, limits),
        PayloadKind.RunFinished => Read<CheckInReply>(payload, PayloadKind.RunFinished, ReplyPayload.ReadRunFinished, limits),
        PayloadKind.Refused => Read<CheckInReply>(payload, PayloadKind.Refused, ReplyPayload.ReadRefused, limits),
        var other => throw new PayloadException($"The payload is a {other}; the answer to a check-in is a RoundPlan, RetryWindow, RunFinished or Refused."),
    };

    /// <summary>Reads a download request.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PayloadException">The bytes are not such a message, or break a limit.</exception>
    public static DownloadRequest DecodeDownloadRequest(ReadOnlyMemory<byte> payload, PayloadLimits? limits = null) =>
        Read(payload, PayloadKind.DownloadRequest, CheckInPayload.ReadDownloadRequest, limits);

    /// <summary>Reads an update; its tensors view <paramref name="payload"/>, which must be left alone from then on.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PayloadException">The bytes are not such a message, or break a limit.</exception>
    public static ExpertUpdate DecodeExpertUpdate(ReadOnlyMemory<byte> payload, PayloadLimits? limits = null) =>
        Read(payload, PayloadKind.ExpertUpdate, UpdatePayload.ReadUpdate, limits);

    /// <summary>Reads a receipt.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PayloadException">The bytes are not such a message, or break a limit.</exception>
    public static UpdateReceipt DecodeUpdateReceipt(ReadOnlyMemory<byte> payload, PayloadLimits? limits = null) =>
        Read(payload, PayloadKind.UpdateReceipt, UpdatePayload.ReadReceipt, limits);

    /// <summary>Reads shared parameters; the tensors view <paramref name="payload"/>, which must be left alone from then on.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="limits">The limits; <see cref="PayloadLimits.Default"/> if none are given.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PayloadException">The bytes are not such a message, or break a limit.</exception>
    public static TensorSet DecodeTensorSet(ReadOnlyMemory<byte> payload, PayloadLimits? limits = null) =>
        Read(payload, PayloadKind.TensorSet, TensorPayload.ReadSet, limits);

    private static byte[] Write<T>(PayloadKind kind, T message, Action<PayloadWriter, T> body, PayloadLimits? limits, TensorSet? tensors = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(kind, message, body, limits, tensors, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write<T>(PayloadKind kind, T message, Action<PayloadWriter, T> body, PayloadLimits? limits, TensorSet? tensors, ArrayBufferWriter<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(message);
        var writer = new PayloadWriter(kind, limits ?? PayloadLimits.Default, tensors ?? TensorSet.Empty, buffer);
        body(writer, message);
        writer.Finish();
    }

    private static T Read<T>(ReadOnlyMemory<byte> payload, PayloadKind kind, Func<PayloadReader, T> body, PayloadLimits? limits)
    {
        var reader = new PayloadReader(payload, kind, limits ?? PayloadLimits.Default);
        var message = body(reader);
        reader.End();
        return message;
    }
}
