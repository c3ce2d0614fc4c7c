using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>What was downloaded last, by its content: in memory, and in a folder if there is one. A folder that is full, or may not be read or written, costs downloads, and nothing else.</summary>
internal sealed class DownloadCache
{
    private const int MostKept = 2;
    private const string Extension = ".shared";
    private readonly Lock _lock = new();
    private readonly List<(string Hash, byte[]? Payload)> _kept = []; // the newest last; those of earlier processes lie in the folder alone
    private readonly string? _folder;
    private readonly long _longest;

    public DownloadCache(string? folder, long longest)
    {
        (_folder, _longest) = (folder, longest);
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            _kept.AddRange(new DirectoryInfo(folder).EnumerateFiles($"*{Extension}").OrderBy(file => file.LastWriteTimeUtc)
                .Select(file => (Path.GetFileNameWithoutExtension(file.Name), (byte[]?)null)).Where(kept => ContentHash.IsOne(kept.Item1)));
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // What earlier processes kept is downloaded again.
        }
    }

    public IReadOnlyList<string> Hashes()
    {
        lock (_lock)
        {
            return [.. _kept.TakeLast(MostKept).Select(kept => kept.Hash)];
        }
    }

    /// <returns>The payload; null, and forgotten, if it is not what it was any more.</returns>
    public byte[]? Find(string hash)
    {
        lock (_lock)
        {
            var index = _kept.FindIndex(kept => kept.Hash == hash);
            if (index < 0)
            {
                return null;
            }

            var payload = _kept[index].Payload ?? Read(hash);
            _kept.RemoveAt(index);
            if (payload is not null)
            {
                _kept.Add((hash, payload));
            }

            return payload;
        }
    }

    public void Keep(string hash, byte[] payload)
    {
        lock (_lock)
        {
            _kept.RemoveAll(kept => kept.Hash == hash);
            _kept.Add((hash, payload));
            Write(hash, payload);
            while (_kept.Count > MostKept)
            {
                Delete(_kept[0].Hash);
                _kept.RemoveAt(0);
            }
        }
    }

    private static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    private string PathOf(string hash) => Path.Combine(_folder!, hash + Extension);

    private byte[]? Read(string hash)
    {
        try
        {
            var file = new FileInfo(PathOf(hash));
            if (file.Length <= _longest && File.ReadAllBytes(file.FullName) is var payload && ContentHash.Of(payload) == hash)
            {
                return payload;
            }
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // As good as not there: it is downloaded again.
        }

        return null;
    }

    private void Write(string hash, byte[] payload)
    {
        if (_folder is null)
        {
            return;
        }

        try
        {
            File.WriteAllBytes(PathOf(hash) + ".new", payload);
            File.Move(PathOf(hash) + ".new", PathOf(hash), overwrite: true);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // It costs the next process a download, and this one nothing.
        }
    }

    private void Delete(string hash)
    {
        if (_folder is null)
        {
            return;
        }

        try
        {
            File.Delete(PathOf(hash));
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // It takes room, and is found again by the next process.
        }
    }
}
