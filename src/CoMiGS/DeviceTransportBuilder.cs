using CoMiGS.Federation;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS;

/// <summary>Says how a device reaches its coordinator. Packages with transports extend it.</summary>
public sealed class DeviceTransportBuilder : IDeviceTransportBuilder
{
    internal Func<IServiceProvider, IDeviceTransport>? Factory { get; private set; }

    internal bool Owned { get; private set; }

    /// <summary>A transport of your own.</summary>
    /// <param name="factory">Makes or finds the transport.</param>
    /// <param name="owned">Whether it is the device's own, and is disposed of with it.</param>
    public DeviceTransportBuilder Use(Func<IServiceProvider, IDeviceTransport> factory, bool owned = false)
    {
        ArgumentNullException.ThrowIfNull(factory);
        (Factory, Owned) = (factory, owned);
        return this;
    }

    /// <summary>Within this process, to the coordinator of the same container. Every message still travels as bytes.</summary>
    public DeviceTransportBuilder InMemory() => Use(sp => sp.GetRequiredService<InMemoryTransport>());

    void IDeviceTransportBuilder.Use(Func<IServiceProvider, IDeviceTransport> factory, bool owned) => Use(factory, owned);
}
