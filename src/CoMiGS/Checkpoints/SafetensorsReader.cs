using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>
/// Reads a checkpoint of one safetensors file or many, tensor by tensor and through memory-mapped windows: what it needs besides the tensors it fills is one window.
/// </summary>
/// <remarks>Headers are checked when it is opened, before memory is taken for anything they claim. Tensors may be read from several threads at once.</remarks>
public sealed class SafetensorsReader : IDisposable
{
    internal const string SingleFile = "model.safetensors";

    private readonly string _path;
    private readonly Dictionary<string, SafetensorsShard> _shards = [];
    private readonly Dictionary<string, SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    private SafetensorsReader(string path) => _path = path;

    /// <summary>All tensors, in the order of the headers, shard after shard.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; private set; } = [];

    /// <summary>The strings in the headers; where shards say different things, the first one's.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>One tensor's description.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="SafetensorsException">There is no such tensor.</exception>
    public SafetensorsEntry this[string name] =>
        _entries.TryGetValue(name, out var entry) ? entry : throw new SafetensorsException(_path, name, $"There is no such tensor among the {Entries.Count} of the checkpoint.");

    /// <summary>Opens a checkpoint and checks all its headers.</summary>
    /// <param name="path">A safetensors file, an index of shards (<c>.json</c>), or a folder with <c>model.safetensors</c> or <c>model.safetensors.index.json</c>; the former counts if both are there.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or neither of the two in the folder.</exception>
    /// <exception cref="SafetensorsException">A file breaks the format, a shard is missing, or index and shards do not fit each other.</exception>
    public static SafetensorsReader Open(string path)
    {
        var file = Directory.Exists(path) ? InFolder(path) : path;
        var reader = new SafetensorsReader(path);
        try
        {
            if (Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase))
            {
                reader.AddShards(file);
            }
            else
            {
                reader.Use(reader.OpenShard(file));
            }

            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads a tensor into CPU memory, as it is in the file.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor; it belongs to the current dispose scope.</returns>
    /// <exception cref="SafetensorsException">There is no such tensor, or the file was cut off since it was opened.</exception>
    public Tensor Read(string name)
    {
        var entry = this[name];
        var tensor = empty([.. entry.Shape], entry.Type);
        CopyTo(name, tensor);
        return tensor;
    }

    /// <summary>Fills a tensor that is there already, without a second copy; floating-point numbers are converted to its type on the way.</summary>
    /// <param name="name">The tensor of the checkpoint.</param>
    /// <param name="destination">What to fill, of the same shape, on any device and of any layout; may be a parameter that requires a gradient.</param>
    /// <param name="transposed">Whether the checkpoint holds the transposed matrix, as GPT-2's Conv1D does: (in, out) fills (out, in).</param>
    /// <exception cref="SafetensorsException">There is no such tensor, or the file was cut off since it was opened.</exception>
    /// <exception cref="ArgumentException">The destination's shape or type does not fit; it is untouched.</exception>
    public void CopyTo(string name, Tensor destination, bool transposed = false)
    {
        using var scope = NewDisposeScope();
        var entry = this[name];
        RefuseMismatch(entry, destination, transposed);
        var (type, width) = (entry.Type, SafetensorsType.Width(entry.Type));
        var shard = _shards[entry.File];
        TensorWindows.ForEach(transposed ? destination.t() : destination, TensorWindows.Bytes / Math.Max(width, destination.element_size()), (piece, before) =>
        {
            var direct = piece.dtype == type && piece.is_cpu() && piece.is_contiguous();
            var window = direct ? piece : empty(piece.shape, type);
            shard.Read(entry, before * width, window.bytes);
            if (!direct)
            {
                piece.copy_(window);
            }
        });
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards.Values)
        {
            shard.Dispose();
        }
    }

    private static string InFolder(string folder)
    {
        var (single, index) = (Path.Combine(folder, SingleFile), Path.Combine(folder, SafetensorsIndex.FileName));
        return File.Exists(single) ? single : File.Exists(index) ? index : throw new FileNotFoundException(
            $"The folder '{folder}' holds neither {SingleFile} nor {SafetensorsIndex.FileName}. Name a file, or convert the checkpoint to safetensors.", single);
    }

    private static void RefuseMismatch(SafetensorsEntry entry, Tensor destination, bool transposed)
    {
        var wanted = transposed && entry.Shape is [var rows, var columns] ? [columns, rows] : entry.Shape;
        if (!destination.shape.SequenceEqual(wanted) || (transposed && entry.Shape.Count != 2))
        {
            throw new ArgumentException($"'{entry.File}', tensor '{entry.Name}': it is {entry}{(transposed ? ", to be transposed," : "")} and cannot fill a tensor of shape [{string.Join(", ", destination.shape)}].", nameof(destination));
        }

        if (entry.Type != destination.dtype && !(SafetensorsType.IsFloat(entry.Type) && SafetensorsType.IsFloat(destination.dtype)))
        {
            throw new ArgumentException($"'{entry.File}', tensor '{entry.Name}': it is {entry} and cannot fill a tensor of type {destination.dtype}. Only floating-point types are converted.", nameof(destination));
        }
    }

    private void AddShards(string index)
    {
        if (!File.Exists(index))
        {
            throw new FileNotFoundException($"There is no index '{index}'.", index);
        }

        var promised = SafetensorsIndex.Read(index);
        var folder = Path.GetDirectoryName(Path.GetFullPath(index))!;
        var files = promised.Values.Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = files.Where(file => !File.Exists(Path.Combine(folder, file)))
            .Select(file => $"'{file}', which should hold tensor '{promised.First(tensor => tensor.Value == file).Key}'").ToList();
        if (missing.Count > 0)
        {
            throw SafetensorsIndex.Differences(index, $"{missing.Count} of {files.Count} shards are missing", missing);
        }

        var entries = files.SelectMany(file => OpenShard(Path.Combine(folder, file))).ToList();
        SafetensorsIndex.Check(index, promised, entries);
        Use(entries);
    }

    private IReadOnlyList<SafetensorsEntry> OpenShard(string file)
    {
        var shard = new SafetensorsShard(file);
        _shards.Add(file, shard);
        return shard.Header.Entries;
    }

    private void Use(IReadOnlyList<SafetensorsEntry> entries)
    {
        Entries = entries;
        foreach (var entry in entries)
        {
            _entries.Add(entry.Name, entry);
        }

        foreach (var (key, value) in _shards.Values.SelectMany(shard => shard.Header.Metadata))
        {
            _metadata.TryAdd(key, value);
        }
    }
}
