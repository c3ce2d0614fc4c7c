using System.Text.Json;
using System.Text.Json.Serialization;
using CoMiGS.Layers;

namespace CoMiGS.Training;

/// <summary>Every option that the course of training depends on, by name: what a training state and the trainer that loads it must agree on.</summary>
internal static class TrainingSettings
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter() } };

    // Options that came later, as they have to be for training as it was before: then they are not named, so that states saved before them still load.
    private static readonly (string Name, string Neutral)[] Later =
    [
        ("experts.router_bias", "false"), ("experts.routes_attention", "false"),
        ("training.mixture_loss", "1"), ("training.generalist_loss", "0"), ("training.specialist_loss", "0"), ("training.warm_up_steps", "0"),
        ("training.router_rate_falls", "false"),
    ];

    public static IReadOnlyDictionary<string, string> Of(MoeModel model, BilevelOptions options, ITrainingPenalty penalty)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["balance_loss"] = model.BalanceDescription,
            ["penalty"] = penalty.GetType().FullName!,
        };
        Add("experts", JsonSerializer.SerializeToElement(model.Layout, Format), settings);
        Add("training", JsonSerializer.SerializeToElement(options, Format), settings);
        foreach (var (name, neutral) in Later)
        {
            if (settings[name] == neutral)
            {
                settings.Remove(name);
            }
        }

        return settings;
    }

    private static void Add(string path, JsonElement value, SortedDictionary<string, string> settings)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            settings.Add(path, value.GetRawText());
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            Add($"{path}.{member.Name}", member.Value, settings);
        }
    }
}
