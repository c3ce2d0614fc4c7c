using System.Text;
using System.Text.Json;

namespace CoMiGS.Checkpoints;

/// <summary>What the header says of a tensor, unchecked but for its being words and numbers where those belong.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Shape">Its sizes, none negative.</param>
/// <param name="Begin">First byte, relative to the data part.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record ClaimedTensor(string Name, string Type, long[] Shape, long Begin, long End);

/// <summary>Reads the JSON of a header token by token, so that a hostile one costs no more memory than its length justifies.</summary>
internal ref struct SafetensorsHeaderJson
{
    // A tensor's numbers lie three deep; more is for fields that later versions of the format may add.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    private readonly string _file;
    private Utf8JsonReader _json;
    private string? _tensor;

    private SafetensorsHeaderJson(ReadOnlySpan<byte> json, string file)
    {
        _json = new(json, Options);
        _file = file;
    }

    /// <exception cref="SafetensorsException">It is no header; the message names the tensor where there is one.</exception>
    public static (IReadOnlyList<ClaimedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> json, string file)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new SafetensorsException(file, null, "The header is no valid safetensors header: it does not begin with '{'.");
        }

        var parser = new SafetensorsHeaderJson(json, file);
        try
        {
            return parser.Header();
        }
        catch (JsonException e)
        {
            throw new SafetensorsException(file, parser._tensor, $"The header is no valid safetensors header ({e.Message})", e);
        }
    }

    private (IReadOnlyList<ClaimedTensor>, IReadOnlyDictionary<string, string>) Header()
    {
        var tensors = new List<ClaimedTensor>();
        var names = new HashSet<string>();
        Dictionary<string, string> metadata = [];
        Next(JsonTokenType.StartObject, "an object");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            _tensor = Text();
            if (!names.Add(_tensor))
            {
                throw Wrong("The name occurs twice.");
            }

            if (_tensor == SafetensorsHeader.MetadataName)
            {
                metadata = Metadata();
            }
            else
            {
                tensors.Add(Tensor(_tensor));
            }
        }

        _tensor = null;
        _json.Read(); // anything but blanks behind the object throws
        return (tensors, metadata);
    }

    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string>();
        Next(JsonTokenType.StartObject, "an object");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text();
            Next(JsonTokenType.String, "a string");
            if (!metadata.TryAdd(key, Text()))
            {
                throw Wrong($"The key '{SafetensorsException.Shown(key)}' occurs twice.");
            }
        }

        return metadata;
    }

    private ClaimedTensor Tensor(string name)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        Next(JsonTokenType.StartObject, "an object");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("dtype"u8))
            {
                RefuseSecond(type, "dtype");
                Next(JsonTokenType.String, "a string");
                type = Text();
            }
            else if (_json.ValueTextEquals("shape"u8))
            {
                RefuseSecond(shape, "shape");
                shape = Numbers("shape", SafetensorsLayout.MaximumRank);
            }
            else if (_json.ValueTextEquals("data_offsets"u8))
            {
                RefuseSecond(offsets, "data_offsets");
                offsets = Numbers("data_offsets", 2);
            }
            else
            {
                _json.Skip();
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw Wrong($"It has no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}.");
        }

        return offsets is [var begin, var end] ? new(name, type, shape, begin, end) : throw Wrong($"Its data_offsets are {offsets.Length} numbers; they must be 2.");
    }

    private long[] Numbers(string field, int most)
    {
        var numbers = new List<long>();
        Next(JsonTokenType.StartArray, "an array");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0)
            {
                throw Wrong($"Its {field} holds {Raw()}, but must hold whole numbers from 0 to {long.MaxValue}.");
            }

            if (numbers.Count == most)
            {
                throw Wrong($"Its {field} has more than {most} numbers.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private void Next(JsonTokenType wanted, string words)
    {
        if (!_json.Read() || _json.TokenType != wanted)
        {
            throw Wrong($"The header is no valid safetensors header: it has {Raw()} where {words} belongs.");
        }
    }

    private readonly void RefuseSecond(object? earlier, string field)
    {
        if (earlier is not null)
        {
            throw Wrong($"Its {field} occurs twice.");
        }
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e) // bytes or escapes that are no text
        {
            throw new SafetensorsException(_file, _tensor ?? Raw(), $"The header holds text that is not valid UTF-8: {Raw()}.", e);
        }
    }

    private readonly string Raw() => SafetensorsException.Shown(Encoding.UTF8.GetString(_json.ValueSpan));

    private readonly SafetensorsException Wrong(string reason) => new(_file, _tensor, reason);
}
