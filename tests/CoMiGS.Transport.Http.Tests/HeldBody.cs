using System.Net;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>The body of a chunk that is not sent before a test lets it go. With <c>Expect: 100-continue</c> it is asked for when the coordinator begins to read it.</summary>
internal sealed class HeldBody : HttpContent
{
    private readonly byte[] _bytes;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _free = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldBody(byte[] bytes)
    {
        _bytes = bytes;
        Headers.TryAddWithoutValidation("Content-Digest", BlockDigests.DigestOf(bytes));
    }

    /// <summary>Ends when the body is asked for.</summary>
    public Task Asked => _asked.Task;

    public void LetGo() => _free.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _asked.TrySetResult();
        await _free.Task;
        await stream.WriteAsync(_bytes);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
