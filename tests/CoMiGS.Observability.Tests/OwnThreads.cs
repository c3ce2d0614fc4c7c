namespace CoMiGS.Observability.Tests;

/// <summary>A thread for each task: devices that a test holds in the middle of a round take none from the host's pool.</summary>
internal sealed class OwnThreads : TaskScheduler
{
    protected override void QueueTask(Task task) => new Thread(() => TryExecuteTask(task)) { IsBackground = true }.Start();

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
