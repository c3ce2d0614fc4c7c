using Microsoft.Extensions.Logging;

namespace CoMiGS.Diagnostics;

/// <summary>Log messages of the model side, ids 1000 to 1999. Never text, never tensor content.</summary>
internal static partial class CoreLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Model}: {Blocks} blocks with {Generalists} generalists and {Specialists} specialists each; {Parameters} trained parameters")]
    public static partial void ExpertsAdded(this ILogger logger, string model, int blocks, int generalists, int specialists, long parameters);

    [LoggerMessage(1001, LogLevel.Warning, "The balance loss is constant with {Experts} experts, TopK {TopK} and GeneralistShare {GeneralistShare}, so it trains nothing. Set LoadBalance to 0, or use TopK below the number of experts, or another GeneralistShare")]
    public static partial void BalanceLossIsConstant(this ILogger logger, int experts, int topK, double generalistShare);

    [LoggerMessage(1002, LogLevel.Warning, "{File}: the fields {Fields} are not known and were ignored. If they change what the adapter computes, its outputs will be wrong")]
    public static partial void AdapterFieldsIgnored(this ILogger logger, string file, string fields);

    [LoggerMessage(1003, LogLevel.Warning, "TargetModules names '{Name}', but no linear layer of {Model} is called so. The other names match")]
    public static partial void TargetMatchesNothing(this ILogger logger, string name, string model);
}
