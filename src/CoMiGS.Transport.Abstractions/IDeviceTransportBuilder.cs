namespace CoMiGS.Transport;

/// <summary>Where a device is told which transport to use. A package with a transport extends it with a method of its name, for example <c>Http</c>.</summary>
public interface IDeviceTransportBuilder
{
    /// <summary>Uses a transport.</summary>
    /// <param name="factory">Makes or finds it.</param>
    /// <param name="owned">Whether it is the device's own, and ends with it.</param>
    void Use(Func<IServiceProvider, IDeviceTransport> factory, bool owned = false);
}
