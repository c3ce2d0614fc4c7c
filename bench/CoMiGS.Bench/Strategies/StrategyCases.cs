using System.Reflection;
using CoMiGS.Aggregation;

namespace CoMiGS.Bench.Strategies;

/// <summary>Every strategy of the library, found by reflection so that a new one is measured without being named here.</summary>
internal static class StrategyCases
{
    /// <summary>One of each, by its name; of those that bear lying devices, with one such device.</summary>
    public static IReadOnlyList<IAggregationStrategy> All() =>
    [
        .. typeof(IAggregationStrategy).Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IAggregationStrategy)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(Made),
    ];

    private static IEnumerable<IAggregationStrategy> Made(Type type)
    {
        var constructor = type.GetConstructors().OrderBy(candidate => candidate.GetParameters().Length).First();
        return constructor.GetParameters().Aggregate((IEnumerable<object?[]>)[[]], (known, parameter) => known.SelectMany(arguments => Values(parameter).Select(value => (object?[])[.. arguments, value])))
            .Select(arguments => (IAggregationStrategy)constructor.Invoke(arguments));
    }

    private static IEnumerable<object?> Values(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? [parameter.DefaultValue]
        : parameter.ParameterType.IsEnum ? Enum.GetValues(parameter.ParameterType).Cast<object?>()
        : parameter.ParameterType.IsPrimitive ? [Convert.ChangeType(1, parameter.ParameterType)]
        : [Activator.CreateInstance(parameter.ParameterType)];
}
