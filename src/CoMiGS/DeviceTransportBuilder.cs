using CoMiGS.Federation;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS;

/// <summary>Says how a device reaches its coordinator. Packages with transports extend it.</summary>
public sealed class DeviceTransportBuilder : IDeviceTransportBuilder
{
    internal Func<IServiceProvider, IDeviceTransport>? Factory { get; private set; }

    /// <summary>A transport of your own.</summary>
    /// <param name="factory">Makes or finds the transport.</param>
    public DeviceTransportBuilder Use(Func<IServiceProvider, IDeviceTransport> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Factory = factory;
        return this;
    }

    /// <summary>Within this process, to the coordinator of the same container. Every message still travels as bytes.</summary>
    public DeviceTransportBuilder InMemory() => Use(sp => sp.GetRequiredService<InMemoryTransport>());

    void IDeviceTransportBuilder.Use(Func<IServiceProvider, IDeviceTransport> factory) => Use(factory);
}
