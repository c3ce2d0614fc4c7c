using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FdLora;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation;

public sealed class WeightedMeanConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new WeightedMean();
}

public sealed class UniformMeanConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new UniformMean();

    protected override string? CountsOtherwise => "every device counts the same, however much text it has";
}

public sealed class FlexLoraConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new FlexLoraStrategy();
}

public sealed class HetLoraConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new HetLoraStrategy();

    protected override string? CountsOtherwise => "a device counts by the norm of its update";
}

public sealed class HetLoraByAllDevicesConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new HetLoraStrategy(new HetLoraOptions { Divisor = HetLoraDivisor.AllDevices });

    protected override string? CountsOtherwise => "a device counts by the norm of its update";
}

public sealed class HetLoraBySamplesConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new HetLoraStrategy(new HetLoraOptions { Weights = HetLoraWeights.Samples });
}

public sealed class FsLoraConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new FsLoraStrategy(new FsLoraOptions { Rank = 6 });

    protected override string? CountsOtherwise => "the way is divided by the number of devices, each of which has a sketch of its own";
}

public sealed class FsLoraWithAdamConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new FsLoraStrategy(new FsLoraOptions { Rank = 6, Server = FsLoraServer.Adam });

    protected override string? CountsOtherwise => "the way is divided by the number of devices, each of which has a sketch of its own";
}

public sealed class PeerTrustConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new PeerTrustStrategy();

    protected override TensorSet AsHeld(TensorSet view, KitDevice device) =>
        PeerSet.Split(view, device.Share.Tensors).Single(peer => peer.Device == device.Share.Device).Tensors;
}

public sealed class FfaLoraConformance : MeanConformance
{
    protected override LoraFactor Factor => LoraFactor.B;

    protected override IAggregationStrategy Create() => new FfaLora();
}

public sealed class FedSaLoraConformance : MeanConformance
{
    protected override LoraFactor Factor => LoraFactor.A;

    protected override IAggregationStrategy Create() => new FedSaLora();
}

/// <summary>No mean: from the second round on its momentum takes it past what devices agree on.</summary>
public sealed class FdLoraConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new FdLoraStrategy();

    protected override string? CountsOtherwise => "every device counts the same unless samples are asked for";
}

public sealed class FdLoraBySamplesConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new FdLoraStrategy(new FdLoraOptions { Weights = UpdateWeights.Samples });
}

public sealed class FedAvgMConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new ServerOptimizerStrategy(ServerMethod.Momentum);
}

public sealed class FedAdamConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new ServerOptimizerStrategy(ServerMethod.Adam);
}

public sealed class FedYogiConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new ServerOptimizerStrategy(ServerMethod.Yogi);
}

public sealed class CoordinateMedianConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new CoordinateMedian();

    protected override string? CountsOtherwise => "every device counts the same, since a liar chooses its sample count";
}

public sealed class TrimmedMeanConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new TrimmedMean(1);

    protected override string? CountsOtherwise => "every device counts the same, since a liar chooses its sample count";
}

public sealed class KrumConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new Krum(1);

    protected override string? CountsOtherwise => "two updates that are equal are nearest to each other";
}

public sealed class MultiKrumConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new Krum(1, 3);

    protected override string? CountsOtherwise => "two updates that are equal are nearest to each other";
}

public sealed class NormClippingConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new NormClipping(0.5);

    protected override string? CountsOtherwise => "every device counts the same unless samples are asked for";
}

public sealed class NormClippingBySamplesConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new NormClipping(0.5, UpdateWeights.Samples);
}
