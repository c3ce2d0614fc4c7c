using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;
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
        List<Member> devices = [.. provider.GetServices<DeviceBuilder>().Select(device => new Member(device, experts.Get(device.Name)))];
        var sharing = devices.Where(d => !d.Device.Roles.IsEmpty).ToList();
        var generalists = sharing.Where(d => d.Device.Roles.Contains(ParameterRole.Generalist)).ToList();
        var attention = sharing.Where(d => d.Device.Roles.Contains(ParameterRole.Attention)).ToList();
        List<string> violations =
        [
            .. devices.SelectMany(device => Objections(strategy, device)),
            .. Differing(generalists.Where(d => !d.Device.HasOwnMethod).Select(d => (d.Device.Name, d.Experts.Generalists)))
                .Select(found => $"Every device shares the same number of generalists, but {found}. Use one number of generalists; specialists may differ."),
            .. strategy.Needs.MixedRanks ? [] : Ranks(),
            .. strategy.Needs.MixedScales ? [] : Scales(),
        ];
        return violations.Count == 0 ? strategy : throw new OptionsValidationException(strategy.Name, typeof(Coordinator), violations);

        IEnumerable<string> Ranks() =>
        [
            .. Differing(strategy, "rank", needs => needs.MixedRanks, generalists, o => o.Rank),
            .. Differing(strategy, "attention rank", needs => needs.MixedRanks, attention, o => o.AttentionRank),
        ];

        IEnumerable<string> Scales() => strategy.Needs.MixedRanks
            ?
            [
                .. Differing(strategy, "scale times rank", needs => needs.MixedScales, generalists, o => ScaleTimesRank(o, o.Rank)),
                .. Differing(strategy, "scale times rank of attention", needs => needs.MixedScales, [.. attention.Where(d => d.Experts.AttentionRank > 0)], o => ScaleTimesRank(o, o.AttentionRank)),
            ]
            :
            [
                .. Differing(strategy, "alpha", needs => needs.MixedScales, sharing, o => o.Alpha),
                .. Differing(strategy, "scaling", needs => needs.MixedScales, sharing, o => o.Scaling),
            ];
    }

    // The same on all devices with alpha / r.
    private static double ScaleTimesRank(ExpertOptions experts, int rank) => Math.Round(new LoraConfig(rank, experts.Alpha, experts.Scaling).Factor * rank, 9);

    private static IEnumerable<string> Objections(IAggregationStrategy strategy, Member member)
    {
        var (device, example) = (member.Device, member.Example);
        if (!device.HasOwnMethod && strategy.Needs.Ability is { } ability && !device.Abilities.Contains(ability))
        {
            yield return $"{strategy.Name} needs devices with the ability '{ability}', which '{device.Name}' lacks. {StrategyCatalog.WithoutAbility(example)}";
        }
        else if (StrategyCatalog.Unserved(strategy, device.Abilities) is { } unserved)
        {
            yield return $"'{device.Name}': {unserved}";
        }
        else if (example is not null && StrategyCatalog.IsOwn(strategy) && strategy.Objection(example, null) is { } objection)
        {
            yield return $"'{device.Name}': {objection}";
        }

        if (device.RanksFall && !strategy.Needs.FallingRanks)
        {
            yield return $"{strategy.Name} does not take ranks that fall, but '{device.Name}' has {nameof(DeviceBuilder.UseSelfPruning)}. Leave it out, or use a strategy that takes them: {StrategyCatalog.Names(needs => needs.FallingRanks)}.";
        }
    }

    private static IEnumerable<string> Differing<T>(IAggregationStrategy strategy, string what, Func<AggregationNeeds, bool> takes, IReadOnlyList<Member> devices, Func<ExpertOptions, T> value)
        where T : notnull =>
        Differing(devices.Select(d => (d.Device.Name, value(d.Experts))))
            .Select(found => $"{strategy.Name} needs the same {what} on every device, but {found}. Use one {what}, or a strategy that takes several: {StrategyCatalog.Fitting(takes, devices[0].Example)}.");

    private static IEnumerable<string> Differing<T>(IEnumerable<(string Device, T Value)> devices)
        where T : notnull
    {
        var groups = devices.GroupBy(device => device.Value).ToList();
        if (groups.Count > 1)
        {
            yield return $"it is {string.Join(", ", groups.Select(group => $"{group.Key} on {string.Join(" and ", group.Select(device => $"'{device.Device}'"))}"))}";
        }
    }

    /// <summary>A device, and what it shares as far as that is known here: not with somebody else's method around it, nor where experts are assigned to it. Such a device is looked at when it checks in.</summary>
    private sealed record Member(DeviceBuilder Device, ExpertOptions Experts)
    {
        public DeviceShare? Example { get; } = Device.HasOwnMethod || Device.Abilities.Contains(FedAmoleStrategy.Ability) ? null : ExampleShare.Of(Device, Experts);
    }
}
