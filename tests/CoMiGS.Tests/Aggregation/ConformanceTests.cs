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
}

public sealed class FlexLoraConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new FlexLoraStrategy();
}

public sealed class HetLoraConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new HetLoraStrategy();
}

public sealed class HetLoraByAllDevicesConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new HetLoraStrategy(new HetLoraOptions { Divisor = HetLoraDivisor.AllDevices });
}

public sealed class FsLoraConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new FsLoraStrategy(new FsLoraOptions { Rank = 6 });
}

public sealed class FsLoraWithAdamConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new FsLoraStrategy(new FsLoraOptions { Rank = 6, Server = FsLoraServer.Adam });
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

public sealed class FdLoraConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new FdLoraStrategy();
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
}

public sealed class TrimmedMeanConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new TrimmedMean(1);
}

public sealed class KrumConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new Krum(1);
}

public sealed class MultiKrumConformance : MeanConformance
{
    protected override IAggregationStrategy Create() => new Krum(1, 3);
}

public sealed class NormClippingConformance : StrategyConformance
{
    protected override IAggregationStrategy Create() => new NormClipping(0.5);
}
