using System.Text.Json;

namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Reads vocabulary and merges.</summary>
internal static class ModelReader
{
    /// <summary>The <c>model</c> of a <c>tokenizer.json</c>.</summary>
    public static BytePairModel Read(JsonField model)
    {
        RefuseOtherKinds(model);
        var ids = model.Need("vocab") is { } vocabulary ? Vocabulary(vocabulary) : [];
        var merges = model.Need("merges") is { } list ? list.Items().Select(item => Merge(item, ids)).OfType<(int, int, int)>().ToList() : [];
        var unknown = model.Find("unk_token") is { } token && ids.TryGetValue(token.Text(), out var id) ? id : (int?)null;
        return new(ids, merges, model.Flag("ignore_merges", absent: false), unknown, model.Flag("fuse_unk", absent: false));
    }

    /// <summary>Ids by text.</summary>
    public static Dictionary<string, int> Vocabulary(JsonField vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new Dictionary<int, string>();
        foreach (var (text, value) in vocabulary.Members())
        {
            if (value.Id() is not { } id)
            {
                continue;
            }

            if (!ids.TryAdd(text, id))
            {
                value.Refuse($"the token stands here twice, with the ids {ids[text]} and {id}.");
            }
            else if (!texts.TryAdd(id, text))
            {
                value.Refuse($"has the id {id}, which '{texts[id]}' has already.");
            }
        }

        if (ids.Count == 0)
        {
            vocabulary.Refuse("holds no tokens.");
        }

        return ids;
    }

    /// <summary>The ids of two tokens and of what they become, or null and the reason.</summary>
    public static (int Left, int Right, int Result)? Merge(string left, string right, Dictionary<string, int> ids, out string problem)
    {
        problem = new[] { left, right, left + right }.FirstOrDefault(token => !ids.ContainsKey(token)) is { } missing
            ? $"merges '{left}' and '{right}', but the vocabulary has no '{missing}'."
            : "";
        return problem.Length == 0 ? (ids[left], ids[right], ids[left + right]) : null;
    }

    private static (int Left, int Right, int Result)? Merge(JsonField item, Dictionary<string, int> ids)
    {
        string[] pair = item.Kind == JsonValueKind.Array ? [.. item.Items().Select(part => part.Text())] : item.Text().Split(' ');
        if (pair.Length != 2 || pair.Any(part => part.Length == 0))
        {
            item.Refuse($"expected \"a b\" or [\"a\", \"b\"], got {item.Shown()}.");
            return null;
        }

        var merge = Merge(pair[0], pair[1], ids, out var problem);
        if (merge is null)
        {
            item.Refuse(problem);
        }

        return merge;
    }

    private static void RefuseOtherKinds(JsonField model)
    {
        if (model.Find("type") is { } type && type.Text() != "BPE")
        {
            type.Refuse($"{type.Shown()} is not supported; supported: \"BPE\" over bytes.");
        }

        if (model.Find("dropout") is { } dropout && dropout.Number() != 0)
        {
            dropout.Refuse($"{dropout.Shown()} would leave out merges at random; supported: null.");
        }

        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.Find(name) is { } affix && affix.Text().Length > 0)
            {
                affix.Refuse($"{affix.Shown()} is not supported; supported: null or an empty text.");
            }
        }

        if (model.Flag("byte_fallback", absent: false))
        {
            model.Refuse("byte_fallback is not supported; supported are vocabularies over bytes (ByteLevel), which need none.");
        }
    }
}
