using System.Text.Json;
using System.Text.Unicode;

namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>A value of a JSON file that knows where it stands; what is wrong with it goes to the problems, and reading goes on.</summary>
internal readonly struct JsonField
{
    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _path;
    private readonly Problems _problems;

    private JsonField(JsonElement element, string file, string path, Problems problems)
    {
        _element = element;
        _file = file;
        _path = path;
        _problems = problems;
    }

    /// <summary>The kind of value.</summary>
    public JsonValueKind Kind => _element.ValueKind;

    /// <summary>The whole of a file.</summary>
    /// <exception cref="InvalidDataException">It is no UTF-8 or no JSON.</exception>
    public static JsonField Open(string file, Problems problems)
    {
        var bytes = File.ReadAllBytes(file);
        if (!Utf8.IsValid(bytes))
        {
            throw new InvalidDataException($"{file} is no UTF-8. JSON is; was the file damaged?");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return new(document.RootElement.Clone(), file, "", problems);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is no JSON: {e.Message} Was it cut off, or is it a pointer to a file that still has to be downloaded?", e);
        }
    }

    /// <summary>Notes a problem with this value.</summary>
    public void Refuse(string message) => _problems.Add(_file, _path.Length == 0 ? "(root)" : _path, message);

    /// <summary>A member that may be absent or null.</summary>
    public JsonField? Find(string name)
    {
        if (Kind != JsonValueKind.Object)
        {
            Refuse($"expected an object with '{name}', got {Shown()}.");
            return null;
        }

        return _element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? Inner(member, name) : null;
    }

    /// <summary>A member that has to be there.</summary>
    public JsonField? Need(string name)
    {
        var member = Find(name);
        if (member is null && Kind == JsonValueKind.Object)
        {
            Refuse($"has no '{name}'.");
        }

        return member;
    }

    /// <summary>The text of this value; empty, with a problem noted, if it has none.</summary>
    public string Text()
    {
        if (Kind != JsonValueKind.String)
        {
            Refuse($"expected a text, got {Shown()}.");
            return "";
        }

        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException) // half of a surrogate pair as an escape: no Unicode text
        {
            Refuse("is no valid Unicode text.");
            return "";
        }
    }

    /// <summary>A member that is true or false.</summary>
    public bool Flag(string name, bool absent)
    {
        if (Find(name) is not { } member)
        {
            return absent;
        }

        if (member.Kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            member.Refuse($"expected true or false, got {member.Shown()}.");
        }

        return member.Kind == JsonValueKind.True;
    }

    /// <summary>The id that this value is, or null, with a problem noted.</summary>
    public int? Id()
    {
        if (Kind == JsonValueKind.Number && _element.TryGetInt32(out var id) && id is >= 0 and <= TokenIds.Largest)
        {
            return id;
        }

        Refuse($"expected an id from 0 to {TokenIds.Largest}, got {Shown()}.");
        return null;
    }

    /// <summary>The number that this value is; 0, with a problem noted, if it is none.</summary>
    public double Number()
    {
        if (Kind == JsonValueKind.Number && _element.TryGetDouble(out var number))
        {
            return number;
        }

        Refuse($"expected a number, got {Shown()}.");
        return 0;
    }

    /// <summary>The items of an array.</summary>
    public IEnumerable<JsonField> Items()
    {
        if (Kind != JsonValueKind.Array)
        {
            Refuse($"expected an array, got {Shown()}.");
            yield break;
        }

        var index = 0;
        foreach (var item in _element.EnumerateArray())
        {
            yield return new(item, _file, $"{_path}[{index++}]", _problems);
        }
    }

    /// <summary>The members of an object, repeated names included.</summary>
    public IEnumerable<(string Name, JsonField Value)> Members()
    {
        if (Kind != JsonValueKind.Object)
        {
            Refuse($"expected an object, got {Shown()}.");
            yield break;
        }

        foreach (var member in _element.EnumerateObject())
        {
            if (NameOf(member) is { } name)
            {
                yield return (name, Inner(member.Value, $"\"{name}\""));
            }
        }
    }

    /// <summary>The value as a message shows it, cut off where it is long.</summary>
    public string Shown()
    {
        var raw = _element.GetRawText();
        return raw.Length <= 60 ? raw : $"{raw[..60]}...";
    }

    private JsonField Inner(JsonElement element, string name) => new(element, _file, _path.Length == 0 ? name : $"{_path}.{name}", _problems);

    private string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException) // half of a surrogate pair as an escape: no Unicode text
        {
            Refuse("has a name that is no valid Unicode text.");
            return null;
        }
    }
}
