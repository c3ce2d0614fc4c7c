using CoMiGS.Models.Tokenizers.Splitting;

namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Reads how text is cut into words.</summary>
internal sealed class PreTokenizerReader
{
    private const string Supported = "Split, Digits, ByteLevel and Sequence of these, with one ByteLevel at the end";

    // Patterns are recognised by their text and scanned by hand: .NET's expressions see UTF-16 units, not code points.
    private static readonly Dictionary<string, Func<Splitter>> Patterns = new(StringComparer.Ordinal)
    {
        [Gpt2Splitter.Pattern] = () => new Gpt2Splitter(),
        [Cl100kSplitter.Llama3Pattern] = () => new Cl100kSplitter(digits: 3),
        [Cl100kSplitter.Qwen2Pattern] = () => new Cl100kSplitter(digits: 1),
        [O200kSplitter.Pattern] = () => new O200kSplitter(),
    };

    private readonly List<Splitter> _splitters = [];
    private int? _blankBefore;
    private bool _ended;

    /// <summary>The <c>pre_tokenizer</c> of a <c>tokenizer.json</c>.</summary>
    public static PreTokenizer Read(JsonField field)
    {
        var reader = new PreTokenizerReader();
        reader.Add(field);
        if (!reader._ended)
        {
            field.Refuse($"has no ByteLevel, so the vocabulary is not one over bytes; supported: {Supported}.");
        }

        return new(reader._splitters, reader._blankBefore);
    }

    private void Add(JsonField field)
    {
        var type = field.Need("type")?.Text();
        if (_ended && type is not null)
        {
            field.Refuse($"'{type}' behind ByteLevel is not supported; supported: {Supported}.");
        }

        switch (type)
        {
            case "Sequence":
                foreach (var inner in field.Need("pretokenizers")?.Items() ?? [])
                {
                    Add(inner);
                }

                break;
            case "Split":
                AddSplit(field);
                break;
            case "Digits":
                _splitters.Add(new DigitSplitter(field.Flag("individual_digits", absent: false)));
                break;
            case "ByteLevel":
                AddByteLevel(field);
                break;
            case not null:
                field.Refuse($"'{type}' is not supported; supported: {Supported}.");
                break;
        }
    }

    private void AddByteLevel(JsonField field)
    {
        _ended = true;
        _blankBefore = field.Flag("add_prefix_space", absent: true) ? _splitters.Count : null;
        if (field.Flag("use_regex", absent: true))
        {
            _splitters.Add(new Gpt2Splitter());
        }
    }

    private void AddSplit(JsonField field)
    {
        var behaviour = field.Need("behavior")?.Text();
        var invert = field.Flag("invert", absent: false);
        if (field.Need("pattern") is not { } pattern || behaviour is null)
        {
            return;
        }

        if (pattern.Find("String") is { } literal)
        {
            AddLiteral(field, literal, behaviour, invert);
        }
        else if (pattern.Find("Regex") is { } expression)
        {
            AddPattern(field, expression, behaviour, invert);
        }
        else
        {
            pattern.Refuse($"expected {{\"Regex\": ...}} or {{\"String\": ...}}, got {pattern.Shown()}.");
        }
    }

    private void AddLiteral(JsonField field, JsonField literal, string behaviour, bool invert)
    {
        if (behaviour != "Isolated" && (behaviour != "Removed" || invert))
        {
            field.Refuse($"behavior '{behaviour}'{(invert ? ", inverted," : "")} of a fixed text is not supported; supported: Isolated, and Removed without invert.");
        }

        var text = literal.Text();
        if (text.Length == 0)
        {
            literal.Refuse("is empty; expected the text to cut at.");
            return;
        }

        _splitters.Add(new LiteralSplitter(text, drop: behaviour == "Removed"));
    }

    private void AddPattern(JsonField field, JsonField expression, string behaviour, bool invert)
    {
        // The known patterns match every text without gaps, so to remove what is between the matches removes nothing.
        if (behaviour != "Isolated" && !(behaviour == "Removed" && invert))
        {
            field.Refuse($"behavior '{behaviour}'{(invert ? ", inverted," : "")} of a pattern is not supported; supported: Isolated, and Removed with invert.");
        }

        if (Patterns.TryGetValue(expression.Text(), out var splitter))
        {
            _splitters.Add(splitter());
        }
        else
        {
            expression.Refuse($"the pattern {expression.Shown()} is not known; known are those of GPT-2, Llama 3 (cl100k), Qwen 2 and o200k, word for word. Put another library behind ITokenizer, or cut with Digits and a String pattern.");
        }
    }
}
