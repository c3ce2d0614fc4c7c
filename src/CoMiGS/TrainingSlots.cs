namespace CoMiGS;

/// <summary>Lets only so many devices of one process train at the same time, since their threads add up.</summary>
internal sealed class TrainingSlots
{
    public TrainingSlots()
        : this(1)
    {
    }

    public TrainingSlots(int devices) => Scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, devices).ConcurrentScheduler;

    public TaskScheduler Scheduler { get; }
}
