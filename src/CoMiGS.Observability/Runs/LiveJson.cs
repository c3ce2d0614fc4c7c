using System.Text.Json.Serialization;

namespace CoMiGS.Observability.Runs;

/// <summary>How viewers and the file get it: one line each, since JSON escapes line breaks, also those in what devices say.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveNews))]
[JsonSerializable(typeof(HistoryLine))]
internal sealed partial class LiveJson : JsonSerializerContext;
