using System.Buffers;
using System.Collections;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>What there is of an update on its way in: a file that grows chunk by chunk, in any order. A chunk may come more than once; the first one stays.</summary>
internal sealed class UploadContent : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _room = ChunkRoom.New();
    private readonly SafeFileHandle _file;
    private readonly Chunks _chunks;
    private readonly BitArray _held;
    private readonly byte[] _digests; // of all blocks; those of chunks that are not there yet are zeros

    public UploadContent(Chunks chunks, string folder)
    {
        _chunks = chunks;
        _held = new BitArray(chunks.Count);
        _digests = new byte[ContentHash.DigestsOf(chunks.Total)];
        var path = Path.Combine(folder, $"comigs-{Guid.NewGuid():N}.upload");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // only Windows deletes it for a process that is killed; elsewhere a file without a name is gone with its last handle
        }
    }

    /// <summary>One receipt is made at a time.</summary>
    public SemaphoreSlim Finishing { get; } = new(1);

    public bool IsWhole
    {
        get
        {
            lock (_lock)
            {
                return _held.HasAllSet();
            }
        }
    }

    public byte[] Map()
    {
        var map = new byte[_chunks.MapBytes];
        lock (_lock)
        {
            _held.CopyTo(map, 0);
        }

        return map;
    }

    /// <summary>Takes a chunk whose bytes are those that its digest names, unless it is there.</summary>
    /// <param name="index">Which.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="digest">Their digest.</param>
    /// <param name="room">The connection's; the upload's own if there is none.</param>
    /// <param name="connection">Its sender's.</param>
    /// <exception cref="ObjectDisposedException">The upload was counted or dropped meanwhile.</exception>
    public async Task PutAsync(int index, Stream body, string? digest, SemaphoreSlim? room, CancellationToken connection)
    {
        room ??= _room;
        await room.WaitAsync(connection).ConfigureAwait(false); // the sender waits: nothing of the chunk is read meanwhile
        var buffer = ArrayPool<byte>.Shared.Rent(_chunks.Size);
        try
        {
            var chunk = buffer.AsMemory(0, _chunks.LengthOf(index));
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
    /// <param name="hash">The promised hash.</param>
    /// <param name="connection">Its sender's.</param>
    /// <returns>Whether it is there and its hash is that one.</returns>
    public async Task<bool> ReadAsync(Memory<byte> payload, string hash, CancellationToken connection)
    {
        if (ContentHash.OfBlocks(_digests) != hash)
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

            await RandomAccess.WriteAsync(_file, chunk, _chunks.OffsetOf(index), connection).ConfigureAwait(false);
            lock (_lock)
            {
                digests.CopyTo(_digests, ContentHash.DigestsOf(_chunks.OffsetOf(index)));
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
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        lock (_lock)
        {
            return !_held[index];
        }
    }
}
