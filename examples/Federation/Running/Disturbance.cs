using CoMiGS.FederationTrial.Processes;

namespace CoMiGS.FederationTrial.Running;

/// <summary>
/// Kills a device in the middle of its steps, and the coordinator in the middle of the same round, when it has counted some of the updates; then starts both
/// again. The round cannot end in between, since the device is missing.
/// </summary>
internal sealed class Disturbance(FederationRun run, TrialOptions options, string victim, Action<string> tell)
{
    private int Round => (options.Rounds / 2) + 1;

    // Early in the round: by the time that its line is read, the device has gone on.
    private int Step => ((Round - 1) * options.Steps) + Math.Max(1, options.Steps / 5);

    public async Task RunAsync()
    {
        var device = run.Device(victim);
        var step = await run.KillAtAsync(device, line => Heard.IsStep(line, Step)).ConfigureAwait(false);
        tell($"round {Round}: {victim} (process {device.Id}) killed with SIGKILL after step {step.Number("Step")} of {options.Rounds * options.Steps}");

        var coordinator = run.Coordinator;
        var update = await run.KillAtAsync(coordinator, line => Heard.IsUpdate(line, Round)).ConfigureAwait(false);
        tell($"round {Round}: coordinator (process {coordinator.Id}) killed with SIGKILL after it had counted the update of {update.Word("Device")}");

        await run.StartCoordinatorAsync().ConfigureAwait(false);
        var goesOn = await run.HearAsync(run.Coordinator, Heard.IsRunGoingOn).ConfigureAwait(false);
        tell($"coordinator started again as process {run.Coordinator.Id}, after {goesOn.Number("Rounds")} rounds. {goesOn.Word("WaitingFor")}");

        run.StartDevice(victim);
        var resumed = await run.HearAsync(run.Device(victim), Heard.IsStateResumed).ConfigureAwait(false);
        tell($"{victim} started again as process {run.Device(victim).Id}, from its training state after step {resumed.Number("Step")}");
    }
}
