using CoMiGS.Federation;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS;

/// <summary>Says how a coordinator listens for devices. Packages with transports extend it.</summary>
public sealed class CoordinatorTransportBuilder : ICoordinatorTransportBuilder
{
    internal Func<IServiceProvider, ICoordinatorTransport>? Factory { get; private set; }

    /// <summary>A transport of your own.</summary>
    /// <param name="factory">Makes or finds the transport.</param>
    public CoordinatorTransportBuilder Use(Func<IServiceProvider, ICoordinatorTransport> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Factory = factory;
        return this;
    }

    /// <summary>Within this process, for the devices of the same container.</summary>
    public CoordinatorTransportBuilder InMemory() => Use(sp => sp.GetRequiredService<InMemoryTransport>());

    void ICoordinatorTransportBuilder.Use(Func<IServiceProvider, ICoordinatorTransport> factory) => Use(factory);
}
