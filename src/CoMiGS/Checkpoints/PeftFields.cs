using System.Text.Json;
using System.Text.RegularExpressions;
using CoMiGS.Planning;

namespace CoMiGS.Checkpoints;

/// <summary>The fields of an <c>adapter_config.json</c>, each with its type checked; wrong ones become problems, null stands for the default.</summary>
internal sealed class PeftFields
{
    private readonly Dictionary<string, JsonElement> _fields = [];
    private readonly HashSet<string> _asked = [];
    private readonly string _file;
    private readonly AdapterProblems _problems;

    public PeftFields(string file, JsonElement root, AdapterProblems problems)
    {
        _file = file;
        _problems = problems;
        if (root.ValueKind != JsonValueKind.Object)
        {
            _problems.Add($"'{file}' holds no JSON object, so it is no configuration of an adapter.");
            AnyProblem = true;
            return;
        }

        foreach (var field in root.EnumerateObject())
        {
            _fields[field.Name] = field.Value;
        }
    }

    public bool AnyProblem { get; private set; }

    public void Problem(string field, string what)
    {
        AnyProblem = true;
        _problems.Add($"'{_file}': {field} {what}.");
    }

    /// <summary>The fields nobody has asked for, apart from those named.</summary>
    public IReadOnlyList<string> Unknown(IEnumerable<string> ignored) => [.. _fields.Keys.Except(_asked).Except(ignored)];

    /// <summary>Whether a field says more than null, false or empty.</summary>
    public bool IsSet(string field) => Value(field) is { } value && value.ValueKind switch
    {
        JsonValueKind.False => false,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    public string Text(string field, string missing) => Read(field, missing, v => v.ValueKind == JsonValueKind.String ? v.GetString() : null, "a text");

    /// <summary>A field that is a text or something else.</summary>
    public string? TextOrNull(string field) => Value(field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public bool Flag(string field) => Read<bool?>(field, false, v => v.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }, "true or false") == true;

    public long Integer(string field, int missing) => Read<int?>(field, missing, Whole, "a whole number of 1 or more")!.Value;

    public double Number(string field, double missing) => Read<double?>(field, missing, Finite, "a number")!.Value;

    public PeftPattern Pattern(string field, bool whole)
    {
        var entries = new List<(string, double)>();
        if (Value(field) is { ValueKind: not JsonValueKind.Object })
        {
            Problem(field, "is no map from patterns to numbers");
        }
        else if (Value(field) is { } map)
        {
            foreach (var entry in map.EnumerateObject())
            {
                if ((whole ? Whole(entry.Value) : Finite(entry.Value)) is { } number)
                {
                    entries.Add((entry.Name, number));
                }
                else
                {
                    Problem(field, $"gives '{entry.Name}' the value {entry.Value.GetRawText()}. Use {(whole ? "a whole number of 1 or more" : "a number")}");
                }
            }
        }

        return Expression(field, () => new PeftPattern(entries)) ?? new([]);
    }

    public ModulePattern? Names(string field) => Value(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => Expression(field, () => ModulePattern.FromString(text.GetString()!)),
        _ => Texts(field) is { Length: > 0 } names ? Expression(field, () => ModulePattern.EndingWith(names)) : null,
    };

    public IReadOnlyList<Regex> LayersPatterns(string field) => Value(field) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => Expression(field, () => new[] { PeftTargets.LayersPattern(text.GetString()!) }) ?? [],
        _ => Expression(field, () => Texts(field)?.Select(PeftTargets.LayersPattern).ToArray()) ?? [],
    };

    public IReadOnlySet<int>? Integers(string field)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        var elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        var numbers = elements.Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var number) ? number : (int?)null).ToList();
        if (numbers.Contains(null))
        {
            Problem(field, "is neither a whole number nor a list of them");
        }

        return numbers.Count == 0 ? null : numbers.OfType<int>().ToHashSet();
    }

    private string[]? Texts(string field)
    {
        if (Value(field) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String))
        {
            return [.. list.EnumerateArray().Select(e => e.GetString()!)];
        }

        Problem(field, "is neither a text nor a list of texts");
        return null;
    }

    private T? Expression<T>(string field, Func<T?> compile)
        where T : class
    {
        try
        {
            return compile();
        }
        catch (ArgumentException e)
        {
            Problem(field, $"cannot be used ({e.Message})");
            return null;
        }
    }

    private T Read<T>(string field, T missing, Func<JsonElement, T?> read, string allowed)
    {
        if (Value(field) is not { } value)
        {
            return missing;
        }

        if (read(value) is { } result)
        {
            return result;
        }

        Problem(field, $"is {value.GetRawText()}. Use {allowed}");
        return missing;
    }

    private JsonElement? Value(string field)
    {
        _asked.Add(field);
        return _fields.TryGetValue(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 ? number : null;

    private static double? Finite(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}
