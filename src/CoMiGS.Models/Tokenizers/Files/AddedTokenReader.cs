namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Collects added tokens from the places where they may stand; what stands first counts.</summary>
internal sealed class AddedTokenReader
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _texts;
    private readonly Dictionary<string, AddedToken> _tokens = new(StringComparer.Ordinal);

    /// <param name="vocabulary">The model's own tokens, which added ones may repeat but not contradict.</param>
    public AddedTokenReader(Dictionary<string, int> vocabulary)
    {
        _ids = new(vocabulary, StringComparer.Ordinal);
        _texts = [];
        foreach (var (text, id) in vocabulary)
        {
            _texts.TryAdd(id, text);
        }
    }

    /// <summary>The tokens so far, by id.</summary>
    public IReadOnlyList<AddedToken> Tokens => [.. _tokens.Values.OrderBy(token => token.Id)];

    /// <summary>The <c>added_tokens</c> of a <c>tokenizer.json</c>: an array of tokens with their ids.</summary>
    public void AddList(JsonField list)
    {
        foreach (var item in list.Items())
        {
            if (item.Need("id")?.Id() is { } id)
            {
                AddObject(item, id);
            }
        }
    }

    /// <summary>The <c>added_tokens_decoder</c> of a <c>tokenizer_config.json</c>: tokens by id.</summary>
    public void AddByIds(JsonField tokens)
    {
        foreach (var (name, item) in tokens.Members())
        {
            if (!int.TryParse(name, out var id) || id is < 0 or > TokenIds.Largest)
            {
                item.Refuse($"expected an id from 0 to {TokenIds.Largest} as the name, got \"{name}\".");
            }
            else
            {
                AddObject(item, id);
            }
        }
    }

    /// <summary>An <c>added_tokens.json</c>: ids by text.</summary>
    public void AddByTexts(JsonField tokens)
    {
        foreach (var (text, item) in tokens.Members())
        {
            if (item.Id() is { } id)
            {
                Add(item, new(id, text, Special: false) { Normalized = true });
            }
        }
    }

    /// <summary>A token of the vocabulary that files of this kind leave unsaid.</summary>
    public void AddKnown(string content)
    {
        if (_ids.TryGetValue(content, out var id))
        {
            _tokens.TryAdd(content, new(id, content, Special: true));
        }
    }

    private void AddObject(JsonField item, int id)
    {
        var special = item.Flag("special", absent: false);
        Add(item, new(id, item.Need("content")?.Text() ?? "", special)
        {
            SwallowsSpaceBefore = item.Flag("lstrip", absent: false),
            SwallowsSpaceAfter = item.Flag("rstrip", absent: false),
            SingleWord = item.Flag("single_word", absent: false),
            Normalized = item.Flag("normalized", absent: !special),
        });
    }

    private void Add(JsonField item, AddedToken token)
    {
        if (token.Content.Length == 0)
        {
            item.Refuse("the content is empty; an added token needs a text.");
        }
        else if (_ids.TryGetValue(token.Content, out var id) && id != token.Id)
        {
            item.Refuse($"'{token.Content}' has the id {token.Id} here, but {id} elsewhere.");
        }
        else if (_texts.TryGetValue(token.Id, out var text) && text != token.Content)
        {
            item.Refuse($"'{token.Content}' has the id {token.Id}, which '{text}' has already.");
        }
        else
        {
            _ids[token.Content] = token.Id;
            _texts[token.Id] = token.Content;
            _tokens.TryAdd(token.Content, token);
        }
    }
}
