namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Reads what stands round the model: normalizer, post-processor and decoder.</summary>
internal static class SurroundingReader
{
    /// <summary>Whether the <c>normalizer</c> composes.</summary>
    public static bool Composes(JsonField? normalizer)
    {
        if (normalizer is not { } field)
        {
            return false;
        }

        var type = field.Need("type")?.Text();
        switch (type)
        {
            case "NFC":
                return true;
            case "Sequence":
                return (field.Need("normalizers")?.Items() ?? []).Select(inner => Composes(inner)).ToList().Contains(true);
            case not null:
                field.Refuse($"'{type}' is not supported; supported: NFC, and Sequence of it.");
                break;
        }

        return false;
    }

    /// <summary>The ids that the <c>post_processor</c> puts in front of a text and behind it.</summary>
    public static (List<int> Before, List<int> After) Template(JsonField? processor)
    {
        List<int> before = [], after = [];
        if (processor is { } field)
        {
            AddTemplate(field, before, after);
        }

        return (before, after);
    }

    /// <summary>Refuses a <c>decoder</c> that does more than turn tokens into their bytes.</summary>
    public static void CheckDecoder(JsonField? decoder)
    {
        if (decoder is not { } field)
        {
            return;
        }

        var type = field.Need("type")?.Text();
        if (type == "Sequence")
        {
            foreach (var inner in field.Need("decoders")?.Items() ?? [])
            {
                CheckDecoder(inner);
            }
        }
        else if (type is not (null or "ByteLevel"))
        {
            field.Refuse($"'{type}' is not supported; supported: ByteLevel.");
        }
    }

    private static void AddTemplate(JsonField field, List<int> before, List<int> after)
    {
        var type = field.Need("type")?.Text();
        switch (type)
        {
            case "ByteLevel" or null: // moves offsets only
                break;
            case "Sequence":
                foreach (var inner in field.Need("processors")?.Items() ?? [])
                {
                    AddTemplate(inner, before, after);
                }

                break;
            case "TemplateProcessing":
                AddSingle(field, before, after);
                break;
            default:
                field.Refuse($"'{type}' is not supported; supported: TemplateProcessing, ByteLevel, and Sequence of these.");
                break;
        }
    }

    private static void AddSingle(JsonField field, List<int> before, List<int> after)
    {
        List<int> front = [], back = [];
        var texts = 0;
        foreach (var piece in field.Need("single")?.Items() ?? [])
        {
            if (piece.Find("SpecialToken") is { } token)
            {
                (texts == 0 ? front : back).AddRange(Ids(field, token));
            }
            else if (piece.Find("Sequence") is not null)
            {
                texts++;
            }
            else
            {
                piece.Refuse($"expected SpecialToken or Sequence, got {piece.Shown()}.");
            }
        }

        if (texts != 1)
        {
            field.Refuse($"'single' holds the text {texts} times; expected once.");
        }

        before.InsertRange(0, front);
        after.AddRange(back);
    }

    private static List<int> Ids(JsonField template, JsonField token)
    {
        var name = token.Need("id")?.Text() ?? "";
        if (template.Find("special_tokens")?.Find(name)?.Need("ids") is { } ids)
        {
            return [.. ids.Items().Select(id => id.Id()).OfType<int>()];
        }

        token.Refuse($"names '{name}', which is not among the special_tokens of the template.");
        return [];
    }
}
