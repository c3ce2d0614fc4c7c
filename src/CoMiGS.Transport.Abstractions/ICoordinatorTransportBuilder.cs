namespace CoMiGS.Transport;

/// <summary>Where a coordinator is told which transport to listen on. A package with a transport extends it with a method of its name, for example <c>Http</c>.</summary>
public interface ICoordinatorTransportBuilder
{
    /// <summary>Uses a transport.</summary>
    /// <param name="factory">Makes or finds it.</param>
    void Use(Func<IServiceProvider, ICoordinatorTransport> factory);
}
