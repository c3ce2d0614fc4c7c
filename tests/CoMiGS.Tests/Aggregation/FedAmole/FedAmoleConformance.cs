using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation.FedAmole;

public sealed class FedAmoleConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new FedAmoleStrategy(new() { Experts = 4, DevicesPerExpert = 2, FewestPerDevice = 2, MostPerDevice = 4 });

    protected override string? CountsOtherwise => "every holder of an expert counts the same unless samples are asked for";

    protected override KitDevice Device(string name, int rank = Rank, long samples = 10) => new(AssignedDevice.Share(name, [0, 1], rank, samples));

    /// <summary>Embeddings are measured anew, and never downloaded.</summary>
    protected override TensorSet AsHeld(TensorSet view, KitDevice device) =>
        new(device.Share.Tensors.Select(spec => view.TryGet(spec.Name, out var tensor) ? tensor : AssignedDevice.Filled(spec, 1)));
}

/// <summary>The variant in which every device gets the same number, and counts by its samples.</summary>
public sealed class FedAmoleWithEqualNumbersConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new FedAmoleStrategy(new() { Experts = 6, DevicesPerExpert = 1, FewestPerDevice = 2, MostPerDevice = 6, SameNumber = true, Weights = UpdateWeights.Samples });

    protected override KitDevice Device(string name, int rank = Rank, long samples = 10) => new(AssignedDevice.Share(name, [0, 1], rank, samples));

    protected override TensorSet AsHeld(TensorSet view, KitDevice device) =>
        new(device.Share.Tensors.Select(spec => view.TryGet(spec.Name, out var tensor) ? tensor : AssignedDevice.Filled(spec, 1)));
}
