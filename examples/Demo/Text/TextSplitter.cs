using System.Text;

namespace CoMiGS.Demo.Text;

/// <summary>
/// Cuts messages into train, validation and test text by a stable hash of each message alone: a message stays in its split whatever
/// other messages there are, and none is in two splits.
/// </summary>
public static class TextSplitter
{
    private const ulong Percent = 100;
    private const ulong TrainPercent = 62;
    private const ulong ValidPercent = 15;

    /// <summary>The validation text of a device is a quarter of its training text, but at least this many bytes: a router needs some windows.</summary>
    public const int LeastValidBytes = 4_000;

    /// <summary>The test text of every device, poor or rich, so that the perplexities are equally reliable.</summary>
    public const int MostTestBytes = 32_000;

    /// <summary>The split of one message.</summary>
    public static TextSplit SplitOf(string message) => (StableHash.Of(message) % Percent) switch
    {
        < TrainPercent => TextSplit.Train,
        < TrainPercent + ValidPercent => TextSplit.Valid,
        _ => TextSplit.Test,
    };

    /// <summary>The three texts of one user: messages in the order of their hashes, one after another with a line feed between.</summary>
    /// <param name="name">The user's name.</param>
    /// <param name="about">What the user writes about.</param>
    /// <param name="messages">Distinct messages.</param>
    /// <param name="trainBytes">The most training text to keep, in bytes; the cut falls between messages.</param>
    public static UserText Cut(string name, string about, IEnumerable<string> messages, int trainBytes)
    {
        var splits = messages.OrderBy(StableHash.Of).ThenBy(message => message, StringComparer.Ordinal).ToLookup(SplitOf);
        return new UserText(
            name,
            about,
            Join(splits[TextSplit.Train], trainBytes),
            Join(splits[TextSplit.Valid], Math.Max(LeastValidBytes, trainBytes / 4)),
            Join(splits[TextSplit.Test], MostTestBytes));
    }

    /// <summary>The messages that fit into <paramref name="bytes"/>, joined by line feeds.</summary>
    public static string Join(IEnumerable<string> messages, int bytes)
    {
        var text = new StringBuilder();
        var left = bytes;
        foreach (var message in messages)
        {
            var cost = Encoding.UTF8.GetByteCount(message) + 1;
            if (cost <= left)
            {
                text.Append(message).Append('\n');
                left -= cost;
            }
        }

        return text.ToString();
    }

    /// <summary>As many whole characters from the beginning of <paramref name="text"/> as fit into <paramref name="bytes"/>.</summary>
    public static string Beginning(string text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
