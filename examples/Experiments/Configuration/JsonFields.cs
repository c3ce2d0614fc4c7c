using System.Globalization;
using System.Text.Json;

namespace CoMiGS.Experiments.Configuration;

/// <summary>
/// Reads the fields of a JSON object and collects every mistake instead of stopping at the first. Names may be spelt as in .NET or as in Python:
/// <c>localSteps</c> and <c>local_steps</c> are one name.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonProperty> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _path;

    public JsonFields(JsonElement element, string path, List<string> mistakes)
    {
        (_path, Mistakes) = (path, mistakes);
        if (element.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add($"{(path.Length == 0 ? "The file" : path)} is {Show(element)}, but must be an object: {{ ... }}.");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!_fields.TryAdd(Fold(property.Name), property))
            {
                mistakes.Add($"{PathOf(property.Name)} is there twice. Keep one.");
            }
        }
    }

    public List<string> Mistakes { get; }

    /// <summary>One spelling for all: lower case, without underscores and hyphens.</summary>
    public static string Fold(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    /// <summary>The value of a field that may have other names besides, or null where it is absent.</summary>
    public JsonElement? Find(string name, params string[] others)
    {
        _known.Add(name);
        var found = others.Prepend(name).Select(Fold).Distinct().Where(_fields.ContainsKey).ToList();
        _read.UnionWith(found);
        if (found.Count > 1)
        {
            Mistakes.Add($"{string.Join(" and ", found.Select(key => PathOf(_fields[key].Name)))} are one setting. Keep one of them.");
        }

        return found.Count == 0 || _fields[found[0]].Value.ValueKind == JsonValueKind.Null ? null : _fields[found[0]].Value;
    }

    public int Whole(string name, int absent, int least, int most, params string[] others) => MaybeWhole(name, least, most, others) ?? absent;

    public int? MaybeWhole(string name, int least, int most, params string[] others) => Find(name, others) is { } value ? WholeOf(value, PathOf(name), least, most) : null;

    public double Real(string name, double absent, double least, double most, params string[] others) => MaybeReal(name, least, most, others) ?? absent;

    public double? MaybeReal(string name, double least, double most, params string[] others)
    {
        if (Find(name, others) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{PathOf(name)} is {Show(value)}, but must be a number from {least} to {most}."));
        return null;
    }

    /// <summary>A number, or a list with a number for each device.</summary>
    public IReadOnlyList<int>? Wholes(string name, int least, int most, params string[] others)
    {
        if (Find(name, others) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return [WholeOf(value, PathOf(name), least, most) ?? least];
        }

        var numbers = value.EnumerateArray().Select((item, index) => WholeOf(item, $"{PathOf(name)}[{index}]", least, most) ?? least).ToList();
        if (numbers.Count == 0)
        {
            Mistakes.Add($"{PathOf(name)} is empty. Give one number for all, or one for each.");
            return null;
        }

        return numbers;
    }

    public string? Text(string name, params string[] others)
    {
        if (Find(name, others) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
        {
            return value.GetString();
        }

        Mistakes.Add($"{PathOf(name)} is {Show(value)}, but must be a text in quotes.");
        return null;
    }

    public bool Flag(string name, bool absent)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Mistakes.Add($"{PathOf(name)} is {Show(value)}, but must be true or false.");
        return absent;
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string name, T absent, IReadOnlyDictionary<string, T> words)
    {
        if (Text(name) is not { } word)
        {
            return absent;
        }

        foreach (var (known, value) in words)
        {
            if (Fold(known) == Fold(word))
            {
                return value;
            }
        }

        Mistakes.Add($"{PathOf(name)} is \"{word}\", but must be one of: {string.Join(", ", words.Keys)}.");
        return absent;
    }

    public IReadOnlyList<(JsonElement Item, string Path)> List(string name)
    {
        var value = Find(name);
        if (value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
        {
            return [.. list.EnumerateArray().Select((item, index) => (item, $"{PathOf(name)}[{index}]"))];
        }

        Mistakes.Add($"{PathOf(name)} is {(value is { } other ? Show(other) : "missing")}, but must be a list with at least one entry: [ ... ].");
        return [];
    }

    /// <summary>Names every field that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var property in _fields.Where(field => !_read.Contains(field.Key)).Select(field => field.Value))
        {
            Mistakes.Add($"{PathOf(property.Name)} is not a setting. Allowed here: {string.Join(", ", _known.Distinct())}.");
        }
    }

    private int? WholeOf(JsonElement value, string path, int least, int most)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Mistakes.Add($"{path} is {Show(value)}, but must be a whole number from {least} to {most}.");
        return null;
    }

    private static string Show(JsonElement value) => value.GetRawText() is { Length: > 40 } text ? text[..40] + "..." : value.GetRawText();
}
