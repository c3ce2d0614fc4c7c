using CoMiGS;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds CoMiGS to a container.</summary>
public static class CoMiGSServiceCollectionExtensions
{
    /// <summary>Begins the composition of devices and coordinators.</summary>
    /// <param name="services">The container's services.</param>
    /// <returns>A builder for devices and coordinators.</returns>
    public static CoMiGSBuilder AddCoMiGS(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new CoMiGSBuilder(services);
    }
}
