using System.Collections;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>An update on its way in; once it counts, its receipt alone, of which a round leaves thousands.</summary>
internal sealed class PartialUpload(string hash, Chunks chunks, string folder) : IDisposable
{
    private UploadContent? _content = new(chunks, folder);

    public string Hash => hash;

    public Chunks Chunks => chunks;

    /// <summary>When somebody last asked for it.</summary>
    public long TouchedAt { get; set; }

    /// <summary>The receipt, once the update counts.</summary>
    public UpdateReceipt? Receipt { get; private set; }

    /// <summary>What there is of it; null once it counts.</summary>
    public UploadContent? Content => Volatile.Read(ref _content);

    public byte[] Map()
    {
        if (Content is { } content)
        {
            return content.Map();
        }

        var all = new byte[chunks.MapBytes];
        new BitArray(chunks.Count, true).CopyTo(all, 0);
        return all;
    }

    /// <summary>The update counts.</summary>
    public void Complete(UpdateReceipt receipt)
    {
        Receipt = receipt;
        Interlocked.Exchange(ref _content, null)?.Dispose();
    }

    /// <summary>Frees the disk.</summary>
    public void Dispose() => Content?.Dispose();
}
