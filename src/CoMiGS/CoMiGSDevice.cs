using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS;

/// <summary>A composed device: its model with experts, its data, its trainer, and its part in a run.</summary>
public sealed class CoMiGSDevice : IDisposable
{
    private readonly FederatedDevice? _federated;
    private readonly IDisposable? _ownTransport;
    private bool _disposed;

    internal CoMiGSDevice(string name, MoeModel model, DeviceData data, BilevelTrainer trainer, FederatedDevice? federated, IDisposable? ownTransport)
    {
        Name = name;
        Model = model;
        Data = data;
        Trainer = trainer;
        _federated = federated;
        _ownTransport = ownTransport;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The model with experts; the device owns it.</summary>
    public MoeModel Model { get; }

    /// <summary>Its splits.</summary>
    public DeviceData Data { get; }

    /// <summary>Trains it; the federation uses the same trainer.</summary>
    public BilevelTrainer Trainer { get; }

    /// <summary>Takes part in the run until it is over.</summary>
    /// <param name="cancellationToken">Leaves the run; what has been trained stays.</param>
    /// <exception cref="InvalidOperationException">The device was composed without a transport.</exception>
    /// <exception cref="FederationException">The coordinator refuses the device.</exception>
    public Task<RunFinished> RunAsync(CancellationToken cancellationToken = default) =>
        _federated?.RunAsync(cancellationToken)
        ?? throw new InvalidOperationException($"Device '{Name}' has no transport, so it cannot take part in a run. Call UseTransport where it is composed, or train it alone with Trainer.");

    /// <summary>Frees the trainer, the model, and the transport if it is the device's own.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Trainer.Dispose();
            Model.Dispose();
            _ownTransport?.Dispose();
        }
    }
}
