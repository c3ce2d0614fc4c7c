using System.Text.Json;

namespace CoMiGS.Checkpoints;

/// <summary>The file that says which shard holds which tensor: <c>{ "metadata": { ... }, "weight_map": { "name": "file" } }</c>.</summary>
internal static class SafetensorsIndex
{
    public const string FileName = "model.safetensors.index.json";
    private const string WeightMap = "weight_map";
    private const int MostShown = 20;

    /// <summary>The file of each tensor, in the index's order; every file a plain name beside the index.</summary>
    /// <exception cref="SafetensorsException">The index cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file)
    {
        var bytes = new FileInfo(file).Length;
        if (bytes > SafetensorsHeader.MaximumBytes)
        {
            throw new SafetensorsException(file, null, $"The index has {bytes} bytes; at most {SafetensorsHeader.MaximumBytes} are read.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new() { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(WeightMap, out var map))
            {
                throw new SafetensorsException(file, null, $"The index has no {WeightMap}.");
            }

            var shards = new Dictionary<string, string>();
            foreach (var tensor in map.EnumerateObject())
            {
                if (!shards.TryAdd(tensor.Name, Shard(tensor, file)))
                {
                    throw new SafetensorsException(file, tensor.Name, "The name occurs twice.");
                }
            }

            return shards;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // no JSON, no UTF-8, or not the kind of value that belongs there
        {
            throw new SafetensorsException(file, null, $"The index cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Writes an index.</summary>
    public static void Write(string file, IReadOnlyDictionary<string, string> weightMap, long totalBytes) => AtomicFile.Write(file, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", totalBytes);
        json.WriteEndObject();
        json.WriteStartObject(WeightMap);
        foreach (var (tensor, shard) in weightMap)
        {
            json.WriteString(tensor, shard);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Lists every way in which the index and the shards do not say the same.</summary>
    /// <exception cref="SafetensorsException">They do not.</exception>
    public static void Check(string index, IReadOnlyDictionary<string, string> promised, IEnumerable<SafetensorsEntry> found)
    {
        var wrong = new List<string>();
        var places = found.ToLookup(entry => entry.Name, entry => Path.GetFileName(entry.File));
        foreach (var (name, shard) in promised)
        {
            var others = places[name].Where(file => file != shard).ToList();
            if (!places[name].Contains(shard))
            {
                wrong.Add($"tensor '{name}': it should be in '{shard}', but {(others.Count == 0 ? "is in no shard" : $"is in '{string.Join("', '", others)}'")}.");
            }
            else if (others.Count > 0)
            {
                wrong.Add($"tensor '{name}': it is in '{shard}' and once more in '{string.Join("', '", others)}'.");
            }
        }

        wrong.AddRange(places.Where(tensor => !promised.ContainsKey(tensor.Key)).Select(tensor => $"tensor '{tensor.Key}': it is in '{string.Join("', '", tensor)}', but the index does not name it."));
        if (wrong.Count > 0)
        {
            throw Differences(index, "The index and its shards do not fit each other", wrong);
        }
    }

    /// <summary>One error for many things that are wrong.</summary>
    public static SafetensorsException Differences(string index, string what, IReadOnlyCollection<string> wrong)
    {
        var lines = wrong.Take(MostShown).Select(SafetensorsException.Shown).Concat(wrong.Count > MostShown ? [$"and {wrong.Count - MostShown} more"] : Array.Empty<string>());
        return new(index, null, $"{what}:{string.Concat(lines.Select(line => $"{Environment.NewLine}- {line}"))}");
    }

    private static string Shard(JsonProperty tensor, string file)
    {
        var shard = tensor.Value.GetString() ?? "";
        return shard.Length > 0 && shard == Path.GetFileName(shard) && !shard.Contains('\\', StringComparison.Ordinal) && shard is not ("." or "..")
            ? shard
            : throw new SafetensorsException(file, tensor.Name, $"Its file is '{SafetensorsException.Shown(shard)}'; it must be the plain name of a file beside the index.");
    }
}
