using CoMiGS.Federation;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoMiGS;

/// <summary>Composes devices and coordinators in a container. Obtained from <c>services.AddCoMiGS()</c>.</summary>
public sealed class CoMiGSBuilder
{
    private const string OnlyDevice = "device";

    internal CoMiGSBuilder(IServiceCollection services)
    {
        Services = services;
        services.AddOptions();
        services.TryAddSingleton<InMemoryTransport>();
        services.TryAddSingleton<TrainingSlots>();
        services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>The container's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds the device of a process that has one; its name is <c>device</c>.</summary>
    /// <param name="device">Composes it.</param>
    public CoMiGSBuilder AddDevice(Action<DeviceBuilder> device) => AddDevice(OnlyDevice, device);

    /// <summary>Adds a device, to be resolved as <see cref="CoMiGSDevice"/>, by its name as the service key, or with all others.</summary>
    /// <param name="name">Its name, unique within the run.</param>
    /// <param name="device">Composes it.</param>
    public CoMiGSBuilder AddDevice(string name, Action<DeviceBuilder> device)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(device);
        if (Devices().Contains(name))
        {
            throw new ArgumentException($"There is a device '{name}' already. Give every device a name of its own.", nameof(name));
        }

        var builder = new DeviceBuilder(Services, name);
        device(builder);
        Services.AddSingleton(builder);
        Services.AddKeyedSingleton(name, (provider, _) => DeviceComposition.Compose(builder, provider));
        Services.AddSingleton(provider => provider.GetRequiredKeyedService<CoMiGSDevice>(name));
        return this;
    }

    /// <summary>Adds the coordinator of a run, to be resolved as <see cref="Coordinator"/>. With devices in the same container its rounds wait for all of them.</summary>
    /// <param name="coordinator">Composes it.</param>
    public CoMiGSBuilder AddCoordinator(Action<CoordinatorBuilder> coordinator)
    {
        ArgumentNullException.ThrowIfNull(coordinator);
        var builder = new CoordinatorBuilder(Services);
        coordinator(builder);
        Services.PostConfigure<RoundOptions>(rounds => rounds.ExpectedDevices ??= Devices().Count > 0 ? Math.Max(Devices().Count, rounds.MinimumDevices) : null);
        Services.AddSingleton(provider => new Coordinator(
            provider.GetRequiredService<IOptions<RoundOptions>>().Value,
            CombinationCheck.Checked(builder.Strategy(provider), provider),
            provider.GetService<ILoggerFactory>()?.CreateLogger<Coordinator>(),
            provider.GetRequiredService<TimeProvider>(),
            builder.Events,
            builder.Initial?.Invoke(provider),
            builder.Store?.Invoke(provider)));
        Services.AddSingleton<ICoordinatorEndpoint>(provider => provider.GetRequiredService<Coordinator>());
        if (builder.Transport is not null)
        {
            Services.AddSingleton<ICoordinatorTransport>(builder.Transport);
        }

        Services.AddSingleton<InProcessFederation>();
        return this;
    }

    /// <summary>How many devices of this process train at the same time. Default: one.</summary>
    /// <param name="devices">1 or more; their threads add up.</param>
    public CoMiGSBuilder TrainAtOnce(int devices)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(devices);
        Services.Replace(ServiceDescriptor.Singleton(new TrainingSlots(devices)));
        return this;
    }

    private List<string> Devices() =>
        [.. Services.Where(s => s.IsKeyedService && s.ServiceType == typeof(CoMiGSDevice)).Select(s => (string)s.ServiceKey!)];
}
