using System.Buffers;
using System.Collections;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>An update on its way in: a file that grows chunk by chunk, in any order. A chunk may come more than once; the first one stays.</summary>
internal sealed class PartialUpload : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _room = ChunkRoom.New();
    private readonly SafeFileHandle _file;
    private BitArray _held;
    private byte[] _digests; // of all blocks; those of chunks that are not there yet are zeros

    public PartialUpload(string hash, Chunks chunks, string folder)
    {
        Hash = hash;
        Chunks = chunks;
        _held = new BitArray(chunks.Count);
        _digests = new byte[ContentHash.DigestsOf(chunks.Total)];
        var path = Path.Combine(folder, $"comigs-{Guid.NewGuid():N}.upload");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // only Windows deletes it for a process that is killed; elsewhere a file without a name is gone with its last handle
        }
    }

    public string Hash { get; }

    public Chunks Chunks { get; }

    /// <summary>When somebody last asked for it.</summary>
    public long TouchedAt { get; set; }

    /// <summary>The receipt, once the update counts.</summary>
    public UpdateReceipt? Receipt { get; private set; }

    /// <summary>One receipt is made at a time.</summary>
    public SemaphoreSlim Finishing { get; } = new(1);

    public bool IsWhole
    {
        get
        {
            lock (_lock)
            {
                return Receipt is not null || _held.HasAllSet();
            }
        }
    }

    public byte[] Map()
    {
        var map = new byte[Chunks.MapBytes];
        lock (_lock)
        {
            (Receipt is null ? _held : new BitArray(Chunks.Count, true)).CopyTo(map, 0);
        }

        return map;
    }

    /// <summary>Takes a chunk whose bytes are those that its digest names, unless it is there.</summary>
    /// <param name="index">Which.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="digest">Their digest.</param>
    /// <param name="room">The connection's; the upload's own if there is none.</param>
    /// <param name="connection">Its sender's.</param>
    /// <exception cref="ObjectDisposedException">The upload was dropped meanwhile.</exception>
    public async Task PutAsync(int index, Stream body, string? digest, SemaphoreSlim? room, CancellationToken connection)
    {
        room ??= _room;
        await room.WaitAsync(connection).ConfigureAwait(false); // the sender waits: nothing of the chunk is read meanwhile
        var buffer = ArrayPool<byte>.Shared.Rent(Chunks.Size);
        try
        {
            var chunk = buffer.AsMemory(0, Chunks.LengthOf(index));
            await body.ReadExactlyAsync(chunk, connection).ConfigureAwait(false);
            var digests = new byte[ContentHash.DigestsOf(chunk.Length)];
            if (!ContentDigest.Matches(digest, chunk.Span, digests))
            {
                throw new AnswerException(StatusCodes.Status400BadRequest, null, $"Chunk {index} is not what its {WireHeaders.ContentDigest} says.");
            }

            await KeepAsync(index, chunk, digests, connection).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            room.Release();
        }
    }

    /// <summary>Reads the whole, once all chunks are there.</summary>
    /// <param name="payload">As long as it is.</param>
    /// <param name="connection">Its sender's.</param>
    /// <returns>Whether it is there and its hash is the promised one.</returns>
    public async Task<bool> ReadAsync(Memory<byte> payload, CancellationToken connection)
    {
        if (ContentHash.OfBlocks(_digests) != Hash)
        {
            return false;
        }

        for (var offset = 0; offset < payload.Length;)
        {
            var read = await RandomAccess.ReadAsync(_file, payload[offset..], offset, connection).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            offset += read;
        }

        return true;
    }

    /// <summary>The update counts: the receipt is all that stays.</summary>
    public void Complete(UpdateReceipt receipt)
    {
        lock (_lock)
        {
            Receipt = receipt;
            (_held, _digests) = (new BitArray(0), []);
        }

        Dispose();
    }

    /// <summary>Frees the disk.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Writes a chunk and notes its digests, one chunk at a time: of two for one place, with other bytes maybe, bytes and digests would else be mixed.</summary>
    private async Task KeepAsync(int index, ReadOnlyMemory<byte> chunk, byte[] digests, CancellationToken connection)
    {
        await _writing.WaitAsync(connection).ConfigureAwait(false);
        try
        {
            if (!IsMissing(index))
            {
                return;
            }

            await RandomAccess.WriteAsync(_file, chunk, Chunks.OffsetOf(index), connection).ConfigureAwait(false);
            lock (_lock)
            {
                digests.CopyTo(_digests, ContentHash.DigestsOf(Chunks.OffsetOf(index)));
                _held[index] = true;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Whether a chunk is to be taken; as long as one is missing, no receipt can come.</summary>
    private bool IsMissing(int index)
    {
        lock (_lock)
        {
            if (Receipt is not null)
            {
                return false;
            }

            ObjectDisposedException.ThrowIf(_file.IsClosed, this);
            return !_held[index];
        }
    }
}
