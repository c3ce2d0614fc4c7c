using CoMiGS.Aggregation;
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
        var sharing = provider.GetServices<DeviceBuilder>().Where(device => !device.Roles.IsEmpty).Select(device => (Device: device, Experts: experts.Get(device.Name))).ToList();
        List<string> violations = strategy.Needs.MixedRanks ? [] :
        [
            .. Differing(strategy, "rank", sharing.Where(d => d.Device.Roles.Contains(ParameterRole.Generalist)).Select(d => (d.Device.Name, d.Experts.Rank))),
            .. Differing(strategy, "attention rank", sharing.Where(d => d.Device.Roles.Contains(ParameterRole.Attention)).Select(d => (d.Device.Name, d.Experts.AttentionRank))),
            .. Differing(strategy, "alpha", sharing.Select(d => (d.Device.Name, d.Experts.Alpha))),
            .. Differing(strategy, "scaling", sharing.Select(d => (d.Device.Name, d.Experts.Scaling))),
        ];
        return violations.Count == 0 ? strategy : throw new OptionsValidationException(strategy.Name, typeof(Coordinator), violations);
    }

    private static IEnumerable<string> Differing<T>(IAggregationStrategy strategy, string what, IEnumerable<(string Device, T Value)> devices)
        where T : notnull
    {
        var groups = devices.GroupBy(device => device.Value).ToList();
        if (groups.Count > 1)
        {
            var found = string.Join(", ", groups.Select(group => $"{group.Key} on {string.Join(" and ", group.Select(device => $"'{device.Device}'"))}"));
            yield return $"{strategy.Name} needs the same {what} on every device, but it is {found}. Use one {what}, or a strategy that takes several: {StrategyCatalog.Names(needs => needs.MixedRanks)}.";
        }
    }
}
