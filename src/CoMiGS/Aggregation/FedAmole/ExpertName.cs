using System.Globalization;
using System.Text.RegularExpressions;

namespace CoMiGS.Aggregation.FedAmole;

/// <summary>The name of a tensor of an assigned expert, for example <c>h.0.attn.c_attn.experts.7.c_attn.lora_A</c>.</summary>
/// <param name="Layer">Path of the layer.</param>
/// <param name="Id">The expert's number.</param>
/// <param name="Part">What of it.</param>
internal sealed partial record ExpertName(string Layer, int Id, string Part)
{
    /// <summary>The name under which a device sends what an expert makes of its mean token.</summary>
    public const string Embedding = "embedding";

    /// <summary>The name under which a device sends the embedding of its mean token, for a layer.</summary>
    public static string OfToken(string layer) => $"{layer}.router.{Embedding}";

    /// <summary>Takes a name apart; null if it is none of an assigned expert.</summary>
    public static ExpertName? Parse(string name) =>
        Pattern().Match(name) is { Success: true } match && int.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(match.Groups["layer"].Value, id, match.Groups["part"].Value)
            : null;

    /// <summary>The whole name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Layer}.experts.{Id}.{Part}");

    [GeneratedRegex(@"^(?<layer>.+)\.experts\.(?<id>[0-9]+)\.(?<part>.+)$")]
    private static partial Regex Pattern();
}
