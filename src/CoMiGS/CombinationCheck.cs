using CoMiGS.Aggregation;
using CoMiGS.Experts;
using CoMiGS.Federation;
using CoMiGS.Parameters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoMiGS;

/// <summary>Holds the devices of a container against the strategy of its coordinator, before the first round.</summary>
internal static class CombinationCheck
{
    /// <exception cref="OptionsValidationException">They do not go together; every reason is listed, with the strategies that fit.</exception>
    public static IAggregationStrategy Checked(IAggregationStrategy strategy, IServiceProvider provider)
    {
        var experts = provider.GetRequiredService<IOptionsMonitor<ExpertOptions>>();
        var devices = provider.GetServices<DeviceBuilder>().ToList();
        var sharing = devices.Where(device => !device.Roles.IsEmpty).Select(device => (Device: device, Experts: experts.Get(device.Name))).ToList();
        var generalists = sharing.Where(d => d.Device.Roles.Contains(ParameterRole.Generalist)).ToList();
        var attention = sharing.Where(d => d.Device.Roles.Contains(ParameterRole.Attention)).ToList();
        List<string> violations = [.. Lacking(strategy, devices), .. strategy.Needs.MixedRanks ? [] : Ranks(), .. strategy.Needs.MixedScales ? [] : Scales()];
        return violations.Count == 0 ? strategy : throw new OptionsValidationException(strategy.Name, typeof(Coordinator), violations);

        IEnumerable<string> Ranks() =>
        [
            .. Differing(strategy, "rank", needs => needs.MixedRanks, generalists.Select(d => (d.Device.Name, d.Experts.Rank))),
            .. Differing(strategy, "attention rank", needs => needs.MixedRanks, attention.Select(d => (d.Device.Name, d.Experts.AttentionRank))),
        ];

        IEnumerable<string> Scales() => strategy.Needs.MixedRanks
            ?
            [
                .. Differing(strategy, "scale times rank", needs => needs.MixedScales, generalists.Select(d => (d.Device.Name, ScaleTimesRank(d.Experts, d.Experts.Rank)))),
                .. Differing(strategy, "scale times rank of attention", needs => needs.MixedScales, attention.Where(d => d.Experts.AttentionRank > 0).Select(d => (d.Device.Name, ScaleTimesRank(d.Experts, d.Experts.AttentionRank)))),
            ]
            :
            [
                .. Differing(strategy, "alpha", needs => needs.MixedScales, sharing.Select(d => (d.Device.Name, d.Experts.Alpha))),
                .. Differing(strategy, "scaling", needs => needs.MixedScales, sharing.Select(d => (d.Device.Name, d.Experts.Scaling))),
            ];
    }

    // The same on all devices with alpha / r.
    private static double ScaleTimesRank(ExpertOptions experts, int rank) => Math.Round(new LoraConfig(rank, experts.Alpha, experts.Scaling).Factor * rank, 9);

    // A device with somebody else's method may be able to do more than is known here: it is looked at when it checks in.
    private static IEnumerable<string> Lacking(IAggregationStrategy strategy, IEnumerable<DeviceBuilder> devices)
    {
        foreach (var device in devices)
        {
            if (strategy.Needs.Ability is { } ability && !device.HasOwnMethod && !device.Abilities.Contains(ability))
            {
                yield return $"{strategy.Name} needs devices with the ability '{ability}', which '{device.Name}' lacks. {StrategyCatalog.WithoutAbility}";
            }

            if (device.RanksFall && !strategy.Needs.FallingRanks)
            {
                yield return $"{strategy.Name} does not take ranks that fall, but '{device.Name}' has {nameof(DeviceBuilder.UseSelfPruning)}. Leave it out, or use a strategy that takes them: {StrategyCatalog.Names(needs => needs.FallingRanks)}.";
            }
        }
    }

    private static IEnumerable<string> Differing<T>(IAggregationStrategy strategy, string what, Func<AggregationNeeds, bool> takes, IEnumerable<(string Device, T Value)> devices)
        where T : notnull
    {
        var groups = devices.GroupBy(device => device.Value).ToList();
        if (groups.Count > 1)
        {
            var found = string.Join(", ", groups.Select(group => $"{group.Key} on {string.Join(" and ", group.Select(device => $"'{device.Device}'"))}"));
            yield return $"{strategy.Name} needs the same {what} on every device, but it is {found}. Use one {what}, or a strategy that takes several: {StrategyCatalog.Names(takes)}.";
        }
    }
}
