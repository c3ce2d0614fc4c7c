using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Training;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoMiGS;

/// <summary>Makes a device of what its builder was told, or says everything that is wrong with it.</summary>
internal static class DeviceComposition
{
    private const string RoundingFile = "rounding.bin";

    public static CoMiGSDevice Compose(DeviceBuilder builder, IServiceProvider provider)
    {
        var violations = builder.Missing().ToList();
        var experts = Get<ExpertOptions>(provider, builder.Name, violations);
        var training = Get<BilevelOptions>(provider, builder.Name, violations);
        if (experts?.Generalists == 0 && builder.Roles.Contains(Parameters.ParameterRole.Generalist) && builder.Transport is not null)
        {
            violations.Add($"Device '{builder.Name}' has no generalists, but shares them. Give it generalists as the other devices have, or call Share(SharedRoles.None) to learn alone.");
        }

        if (builder.Roles.Contains(Parameters.ParameterRole.Assigned))
        {
            violations.AddRange(WithAssignedExperts(builder));
        }

        if (violations.Count > 0)
        {
            throw new OptionsValidationException(builder.Name, typeof(CoMiGSDevice), violations);
        }

        return Compose(builder, provider, experts!, training!);
    }

    private static IEnumerable<string> WithAssignedExperts(DeviceBuilder builder)
    {
        if (builder.State is not null)
        {
            yield return $"Device '{builder.Name}' keeps its training state, but its experts are others in every round. Leave KeepState out: a device that restarts begins its round again, and loses no more than that.";
        }

        if (builder.Methods.Count > 1)
        {
            yield return $"Device '{builder.Name}' has {builder.Methods.Count} methods, but UseFedAmole exchanges what the others rely on. Leave the others out.";
        }
    }

    private static CoMiGSDevice Compose(DeviceBuilder builder, IServiceProvider provider, ExpertOptions experts, BilevelOptions training)
    {
        var logs = provider.GetService<ILoggerFactory>();
        var time = provider.GetRequiredService<TimeProvider>();
        var data = builder.Data!(provider);
        var model = builder.Model!(provider).AddExperts(experts, logs?.CreateLogger<MoeModel>());
        BilevelTrainer? trainer = null;
        IDeviceTransport? transport = null;
        try
        {
            trainer = new BilevelTrainer(model, data, training, builder.Name, logs?.CreateLogger<BilevelTrainer>(), time);
            var local = Training(builder, new DeviceParts(model, trainer, data, training));
            if (builder.State is var (folder, everySteps))
            {
                trainer.LoadState(folder);
                trainer.KeepState(folder, everySteps);
            }

            transport = builder.Transport?.Invoke(provider);
            var federated = transport is null
                ? null
                : new FederatedDevice(
                    builder.Run,
                    builder.Name,
                    local,
                    transport,
                    logs?.CreateLogger<FederatedDevice>(),
                    time,
                    SavingMoments(builder, model, trainer),
                    provider.GetRequiredService<TrainingSlots>().Scheduler,
                    builder.State is var (states, _) ? Path.Combine(states, RoundingFile) : null);
            return new CoMiGSDevice(builder.Name, model, data, trainer, federated, Own(builder, transport));
        }
        catch
        {
            trainer?.Dispose();
            model.Dispose();
            Own(builder, transport)?.Dispose();
            throw;
        }
    }

    private static IDisposable? Own(DeviceBuilder builder, IDeviceTransport? transport) => builder.OwnsTransport ? transport as IDisposable : null;

    /// <summary>Before a state is loaded, since methods change the penalty, which a state must agree with.</summary>
    private static ILocalTraining Training(DeviceBuilder builder, DeviceParts parts) =>
        builder.Methods.Aggregate<Func<DeviceParts, ILocalTraining, ILocalTraining>, ILocalTraining>(
            new MoeLocalTraining(parts.Model, parts.Trainer, parts.Data.Train.Length, builder.Roles, builder.Steps),
            (training, method) => method(parts, training));

    /// <summary>Saves first, then tells the host, so that what it hears of is on disk.</summary>
    private static Action<DeviceMoment>? SavingMoments(DeviceBuilder builder, MoeModel model, BilevelTrainer trainer) =>
        builder.AdapterFolder is not { } folder
            ? builder.Moments
            : moment =>
            {
                if (moment.Stage is DeviceStage.Trained or DeviceStage.Finished)
                {
                    model.Save(folder);
                    trainer.LastCheckpoint = folder;
                }

                builder.Moments?.Invoke(moment);
            };

    private static TOptions? Get<TOptions>(IServiceProvider provider, string name, List<string> violations)
        where TOptions : class
    {
        try
        {
            return provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);
        }
        catch (OptionsValidationException e)
        {
            violations.AddRange(e.Failures);
            return null;
        }
    }
}
