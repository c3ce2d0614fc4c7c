namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Collects what is wrong with the files of a tokenizer, so that all of it is said at once.</summary>
internal sealed class Problems
{
    private const int MostShown = 20;

    private readonly List<string> _found = [];

    /// <summary>Notes a problem.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="field">The field, for example <c>model.vocab</c>.</param>
    /// <param name="message">What it has and what it may have.</param>
    public void Add(string file, string field, string message) => _found.Add($"{file}: {field}: {message}");

    /// <summary>Throws if anything is wrong.</summary>
    /// <exception cref="InvalidDataException">Something is; the message lists it.</exception>
    public void Check()
    {
        if (_found.Count > 0)
        {
            var more = _found.Count > MostShown ? $"{Environment.NewLine}and {_found.Count - MostShown} more." : "";
            throw new InvalidDataException($"The tokenizer cannot be used.{Environment.NewLine}{string.Join(Environment.NewLine, _found.Take(MostShown))}{more}");
        }
    }
}
