using System.Text.Json;

namespace CoMiGS.Models.HuggingFace;

/// <summary>The fields of a <c>config.json</c>, or of an object in it. What is wrong with them is collected, so that all of it can be told at once.</summary>
internal sealed class ConfigFile
{
    public const string FileName = "config.json";

    private readonly JsonElement _fields;
    private readonly string _path;
    private readonly List<string> _problems;

    private ConfigFile(JsonElement fields, string path, List<string> problems) => (_fields, _path, _problems) = (fields, path, problems);

    /// <summary>Reads the file of a checkpoint.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="problems">Where to collect what is wrong.</param>
    /// <returns>Null where there is nothing to be read.</returns>
    public static ConfigFile? Read(string folder, List<string> problems)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            problems.Add($"There is no {FileName}. Name a folder in Hugging Face's layout: {FileName} beside model.safetensors or its shards.");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new(document.RootElement.Clone(), "", problems);
            }

            problems.Add($"{FileName} holds no JSON object.");
        }
        catch (JsonException e)
        {
            problems.Add($"{FileName} is no valid JSON ({e.Message}).");
        }

        return null;
    }

    /// <summary>Whether every whole number that was asked for could be read, so that shapes follow from them.</summary>
    public bool CountsKnown { get; private set; } = true;

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string name) => _fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A whole number; where there is none, the fallback, or a complaint and 1.</summary>
    public int Count(string name, int? fallback = null)
    {
        var count = Field<int>(name, $"a whole number up to {int.MaxValue}", fallback, value => value.TryGetInt32(out var number) ? number : null);
        CountsKnown &= count is not null;
        return count ?? 1;
    }

    /// <summary>A whole number, or null where there is none.</summary>
    public int? CountOrNull(string name) => Has(name) ? Count(name) : null;

    /// <summary>A number; where there is none, the fallback, or a complaint and 1.</summary>
    public double Number(string name, double? fallback = null) =>
        Field<double>(name, "a number", fallback, value => value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null) ?? 1;

    /// <summary>Yes or no.</summary>
    public bool Flag(string name, bool fallback = false)
    {
        var known = !Has(name) || Value(name).ValueKind is JsonValueKind.True or JsonValueKind.False;
        if (!known)
        {
            Refuse(name, "true or false");
        }

        return known && Has(name) ? Value(name).GetBoolean() : fallback;
    }

    /// <summary>A word, or null where there is none.</summary>
    public string? Text(string name)
    {
        if (!Has(name) || Value(name).ValueKind == JsonValueKind.String)
        {
            return Has(name) ? Value(name).GetString() : null;
        }

        Refuse(name, "a text");
        return null;
    }

    /// <summary>The words of a list; none where there is no list.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Has(name) && Value(name).ValueKind == JsonValueKind.Array ? [.. Value(name).EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)] : [];

    /// <summary>An object in it, or null where there is none.</summary>
    public ConfigFile? Section(string name)
    {
        if (!Has(name) || Value(name).ValueKind == JsonValueKind.Object)
        {
            return Has(name) ? new(Value(name), $"{_path}{name}.", _problems) : null;
        }

        Refuse(name, "an object");
        return null;
    }

    /// <summary>Complains about a value that cannot be used.</summary>
    /// <param name="name">The field.</param>
    /// <param name="allowed">What is allowed, as a noun.</param>
    public void Refuse(string name, string allowed) =>
        _problems.Add(Has(name) ? $"{FileName}: '{_path}{name}' is {Value(name).GetRawText()}. Allowed is {allowed}." : $"{FileName}: '{_path}{name}' is missing. It has to be {allowed}.");

    /// <summary>Complains in words of the caller's.</summary>
    public void Complain(string sentence) => _problems.Add($"{FileName}: {sentence}");

    private JsonElement Value(string name) => _fields.GetProperty(name);

    /// <summary>The value, or the fallback where there is none; null after a complaint.</summary>
    private T? Field<T>(string name, string allowed, T? fallback, Func<JsonElement, T?> read)
        where T : struct
    {
        if (!Has(name) && fallback is not null)
        {
            return fallback;
        }

        var value = Has(name) && Value(name).ValueKind == JsonValueKind.Number ? read(Value(name)) : null;
        if (value is null)
        {
            Refuse(name, allowed);
        }

        return value;
    }
}
