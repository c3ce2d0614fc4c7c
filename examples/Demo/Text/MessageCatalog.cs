namespace CoMiGS.Demo.Text;

/// <summary>The distinct messages of one language, in an order that depends on the files' names only.</summary>
/// <param name="Language">The satellite folder's name, or <c>en</c>.</param>
/// <param name="Messages">Each distinct text once.</param>
/// <param name="Assemblies">Files read.</param>
/// <param name="Skipped">Files that could not be read as managed assemblies with resources.</param>
public sealed record MessageCatalog(string Language, IReadOnlyList<Message> Messages, int Assemblies, int Skipped)
{
    /// <summary>The catalog without the texts that <paramref name="other"/> has too: messages that were never translated.</summary>
    public MessageCatalog Except(MessageCatalog other)
    {
        var known = other.Messages.Select(message => message.Text).ToHashSet(StringComparer.Ordinal);
        return this with { Messages = [.. Messages.Where(message => !known.Contains(message.Text))] };
    }
}
