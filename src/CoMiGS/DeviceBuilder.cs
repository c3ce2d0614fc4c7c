using CoMiGS.Aggregation.FdLora;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Data;
using CoMiGS.Experts;
using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>Composes a device: its model, its experts, how it trains, on what data, and how it reaches its coordinator.</summary>
public sealed class DeviceBuilder
{
    private const string Proximal = "proximal-term";

    private static readonly Dictionary<string, string> TrainsOtherNumbers = new(StringComparer.Ordinal)
    {
        [PeerTrustStrategy.Ability] = nameof(UsePeerTrust),
        [FdLoraStrategy.Ability] = nameof(UseFdLora),
    };

    private readonly IServiceCollection _services;

    internal DeviceBuilder(IServiceCollection services, string name)
    {
        _services = services;
        Name = name;
        Validate<ExpertOptions>();
        Validate<BilevelOptions>();
    }

    /// <summary>Name of the device, and of its options.</summary>
    public string Name { get; }

    internal Func<IServiceProvider, nn.Module<Tensor, Tensor>>? Model { get; private set; }

    internal Func<IServiceProvider, DeviceData>? Data { get; private set; }

    internal Func<IServiceProvider, Transport.IDeviceTransport>? Transport { get; private set; }

    internal bool OwnsTransport { get; private set; }

    internal SharedRoles Roles { get; private set; } = SharedRoles.Default;

    internal string Run { get; private set; } = new RoundOptions().Run;

    internal Action<DeviceMoment>? Moments { get; private set; }

    internal IProgress<StepReport>? Steps { get; private set; }

    internal string? AdapterFolder { get; private set; }

    internal (string Folder, int EverySteps)? State { get; private set; }

    internal List<Func<DeviceParts, ILocalTraining, ILocalTraining>> Methods { get; } = [];

    /// <summary>What strategies may need of a device, and this one can do.</summary>
    internal HashSet<string> Abilities { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether somebody else's method is around the training, which may add abilities that are only known at check-in.</summary>
    internal bool HasOwnMethod { get; private set; }

    /// <summary>Whether the device may come to share less than it checked in with.</summary>
    internal bool RanksFall { get; private set; }

    /// <summary>The base model. Required.</summary>
    /// <param name="factory">Makes or loads it; the device owns it from then on.</param>
    public DeviceBuilder UseModel(Func<IServiceProvider, nn.Module<Tensor, Tensor>> factory)
    {
        Model = factory;
        return this;
    }

    /// <summary>How many experts, and how large.</summary>
    public DeviceBuilder UseExperts(Action<ExpertsBuilder> experts)
    {
        experts(new ExpertsBuilder(change => _services.Configure(Name, change)));
        return this;
    }

    /// <summary>How experts are combined.</summary>
    public DeviceBuilder UseRouter(Action<RouterBuilder> router)
    {
        router(new RouterBuilder(change => _services.Configure(Name, change)));
        return this;
    }

    /// <summary>Rates, batch and the rhythm of router phases.</summary>
    public DeviceBuilder UseBilevelTraining(Action<BilevelOptions> training)
    {
        _services.Configure(Name, training);
        return this;
    }

    /// <summary>The device's splits. Required.</summary>
    /// <param name="factory">Opens them.</param>
    public DeviceBuilder UseData(Func<IServiceProvider, DeviceData> factory)
    {
        Data = factory;
        return this;
    }

    /// <summary>The way to the coordinator. Required to take part in a run, not to train alone.</summary>
    public DeviceBuilder UseTransport(Action<DeviceTransportBuilder> transport)
    {
        var builder = new DeviceTransportBuilder();
        transport(builder);
        (Transport, OwnsTransport) = (builder.Factory, builder.Owned);
        return this;
    }

    /// <summary>Which roles leave the device. Default: generalists and attention adapters.</summary>
    public DeviceBuilder Share(SharedRoles roles)
    {
        Roles = roles;
        return this;
    }

    /// <summary>Puts something around the device's training, such as <see cref="TrainingMethod"/>; what is named first is innermost.</summary>
    /// <param name="method">Given the device's parts and its training so far, returns what goes around it.</param>
    public DeviceBuilder UseMethod(Func<DeviceParts, ILocalTraining, ILocalTraining> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        HasOwnMethod = true;
        Methods.Add(method);
        return this;
    }

    /// <summary>
    /// Reports with every update the loss on the validation split, and how much of the gates' weight the generalists get in each layer, for whoever watches the run. Default: neither leaves
    /// the device.
    /// </summary>
    /// <param name="batches">How many batches of the validation split are looked at, the same each time.</param>
    public DeviceBuilder ReportHeldOut(int batches = 4) => Around(null, (parts, training) => new HeldOutFigures(training, parts.Model, parts.Loss("held out", batches)));

    /// <summary>FedProx: keeps the shared parameters near those that a round starts from. Not with <see cref="UsePeerTrust"/> and <see cref="UseFdLora"/>, where the device trains other numbers than those it downloads.</summary>
    /// <param name="mu">The weight of the squared distance, halved.</param>
    /// <exception cref="InvalidOperationException">The device has one of these.</exception>
    public DeviceBuilder UseProximalTerm(double mu) => Around(Proximal, (parts, training) => new ProximalTerm(training, parts.Model, parts.Trainer, mu));

    /// <summary>HetLoRA's self-pruning: gives up ranks that the device does not need. Goes with <see cref="HetLoraExtensions.HetLora"/>.</summary>
    /// <param name="configure">Says how much may go, and how hard it is pressed.</param>
    public DeviceBuilder UseSelfPruning(Action<SelfPruningOptions>? configure = null)
    {
        RanksFall = true;
        return Around(null, (parts, training) =>
        {
            var options = new SelfPruningOptions();
            configure?.Invoke(options);
            return new SelfPruning(training, parts.Model, parts.Trainer, options);
        });
    }

    /// <summary>Mixes the adapters of all devices by how well each does on this device's validation split. Goes with <see cref="PeerTrustExtensions.PeerTrust"/>.</summary>
    /// <param name="temperature">Below 1 trust is nearly all in the best peer, above it is spread. Default: 1, the paper's.</param>
    /// <param name="batches">How many batches of the validation split each peer is measured on, the same ones every time; the released code of CoMiGS takes 20. Default: the whole split.</param>
    public DeviceBuilder UsePeerTrust(double temperature = 1, int? batches = null) => Around(PeerTrustStrategy.Ability, (parts, training) =>
    {
        var loss = batches is { } few
            ? parts.Loss("peer trust", few)
            : () => Evaluation.Run(parts.Model.Model, parts.Data.Valid, parts.Training.Window, parts.Training.BatchSize).Loss;
        return new PeerTrust(training, () => Math.Exp(loss()), temperature);
    });

    /// <summary>
    /// FedAMoLE: a shared expert and assigned ones beside the linear layers that <see cref="ExpertOptions.TargetModules"/> names, a router that compares tokens with experts, scale alpha / r, and no attention adapters; all of it
    /// learns together. Goes with <see cref="FedAmoleExtensions.FedAmole"/>, and with no other method.
    /// </summary>
    /// <param name="configure">Says what embeddings are measured on.</param>
    public DeviceBuilder UseFedAmole(Action<AssignedExpertsOptions>? configure = null)
    {
        _services.Configure<ExpertOptions>(Name, o => (o.Router, o.Generalists, o.Specialists, o.AttentionRank, o.Scaling, o.LoadBalance) = (RouterKind.Embedding, 1, 0, 0, LoraScaling.Classic, 1e-3));
        _services.Configure<BilevelOptions>(Name, o => o.RouterSchedule = RouterSchedule.Joint);
        Roles = SharedRoles.Of(ParameterRole.Generalist, ParameterRole.Assigned, ParameterRole.Router);
        return Around(FedAmoleStrategy.Ability, (parts, training) =>
        {
            var options = new AssignedExpertsOptions();
            configure?.Invoke(options);
            return new AssignedExperts(training, parts.Model, parts.Trainer, parts.Data.Train, parts.Training.Window, parts.Training.BatchSize, options);
        });
    }

    /// <summary>FFA-LoRA: A of the shared adapters is drawn from the run's seed and never trained; B alone is shared. Goes with <see cref="OneFactorExtensions.FfaLora"/>.</summary>
    public DeviceBuilder UseFrozenDownProjections()
    {
        Roles = Roles.Only(LoraFactor.B);
        return Around(FfaLora.Ability, (parts, training) => new FrozenDownProjections(training, parts.Model, parts.Trainer));
    }

    /// <summary>
    /// FDLoRA: half of every shared adapter's rank is global, the other half personal, and at the end both are fused. Goes with <see cref="FdLoraExtensions.FdLora"/>, even ranks, and no specialists.
    /// </summary>
    /// <param name="configure">Says how often the personal adapter follows, and how weights are searched for. Default: as <see cref="DualAdapterOptions"/> says.</param>
    public DeviceBuilder UseFdLora(Action<DualAdapterOptions>? configure = null) => Around(FdLoraStrategy.Ability, (parts, training) =>
    {
        var options = new DualAdapterOptions();
        configure?.Invoke(options);
        return new DualAdapters(training, parts.Model, parts.Trainer, parts.Loss("fusion", options.AuxiliaryBatches), options);
    });

    /// <summary>Begins every round with fresh moments of the shared parameters, for strategies that hand out other rows each time (<see cref="FsLoraExtensions.FsLora"/>).</summary>
    public DeviceBuilder UseFreshMoments() => Around(FsLoraStrategy.Ability, (parts, training) => new FreshMoments(training, parts.Trainer));

    /// <summary>
    /// When the run is over, chooses on this device's validation split among what the router has learnt, every expert alone, and every pair of a generalist and a specialist at constant weights:
    /// so that a device is never worse off than with its best expert, as far as validation tells. Needs <see cref="RouterBuilder.Bias"/>.
    /// </summary>
    public DeviceBuilder ChooseOnValidation() => Around(null, (parts, training) => new ExpertChoice(
        training,
        parts.Model,
        () => Evaluation.Run(parts.Model.Model, parts.Data.Valid, parts.Training.Window, parts.Training.BatchSize).Loss));

    /// <summary>The run to take part in. Default: <c>run</c>.</summary>
    public DeviceBuilder JoinRun(string run)
    {
        Run = run;
        return this;
    }

    /// <summary>Saves the adapters whenever the device has trained its part of a round, and when the run is over.</summary>
    /// <param name="folder">Where to; complete at every moment, and named in the error if training goes wrong later. Default: nothing is saved.</param>
    public DeviceBuilder SaveAdapters(string folder)
    {
        AdapterFolder = folder;
        return this;
    }

    /// <summary>
    /// Keeps the training state in a folder, and goes on from it when the device is composed again: after a crash the device finishes the round it was in, with
    /// the same bits as if nothing had happened.
    /// </summary>
    /// <param name="folder">The device's own folder of states. Default: none is kept.</param>
    /// <param name="everySteps">Save after so many optimizer steps, besides once at the end of every round: what a crash may cost at most.</param>
    /// <seealso cref="BilevelTrainer.LoadState"/>
    public DeviceBuilder KeepState(string folder, int everySteps = 10)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(everySteps);
        State = (folder, everySteps);
        return this;
    }

    /// <summary>Hears of every training step, on the thread that trains.</summary>
    public DeviceBuilder OnStep(IProgress<StepReport> progress)
    {
        Steps = progress;
        return this;
    }

    /// <summary>Hears of every stage of a round; the model holds still until the handler returns, so this is the place to evaluate.</summary>
    public DeviceBuilder OnMoment(Action<DeviceMoment> handler)
    {
        Moments += handler;
        return this;
    }

    /// <summary>Every required part that is missing, as sentences.</summary>
    internal IEnumerable<string> Missing()
    {
        if (Model is null)
        {
            yield return $"Device '{Name}' has no model. Call UseModel.";
        }

        if (Data is null)
        {
            yield return $"Device '{Name}' has no data. Call UseData.";
        }
    }

    private DeviceBuilder Around(string? ability, Func<DeviceParts, ILocalTraining, ILocalTraining> method)
    {
        if (ability is not null)
        {
            Abilities.Add(ability);
        }

        if (Abilities.Contains(Proximal) && Abilities.FirstOrDefault(TrainsOtherNumbers.ContainsKey) is { } other)
        {
            throw new InvalidOperationException(
                $"Device '{Name}' has {nameof(UseProximalTerm)} and {TrainsOtherNumbers[other]}, which trains other numbers than those it downloads, so that there is nothing to stay near to. Leave one of them out.");
        }

        Methods.Add(method);
        return this;
    }

    private void Validate<TOptions>()
        where TOptions : class
    {
        _services.AddSingleton<IValidateOptions<TOptions>>(new CheckedOptionsValidator<TOptions>(Name));
        _services.AddOptions<TOptions>(Name).ValidateOnStart();
    }
}
