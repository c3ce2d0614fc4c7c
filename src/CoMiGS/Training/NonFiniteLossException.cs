namespace CoMiGS.Training;

/// <summary>The loss of a step is NaN or infinite; nothing was updated by that step.</summary>
public sealed class NonFiniteLossException : Exception
{
    /// <summary>Says which device and step, and what to go back to.</summary>
    /// <param name="device">Name of the device.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="kind">What the step was to train.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="lastCheckpoint">Where the last good adapters are, or null if none were saved.</param>
    public NonFiniteLossException(string device, long step, StepKind kind, double loss, string? lastCheckpoint)
        : base($"The loss of device '{device}' is {loss} in {(kind == StepKind.Expert ? "expert" : "router")} step {step}; the step was not applied. "
            + (lastCheckpoint is null ? "No checkpoint has been saved. " : $"The last good checkpoint is '{lastCheckpoint}'. ")
            + "Lower the learning rate, or check the data and the base model for values that are not finite.")
    {
        Device = device;
        Step = step;
        LastCheckpoint = lastCheckpoint;
    }

    /// <summary>Name of the device.</summary>
    public string Device { get; }

    /// <summary>Number of the step, counted in expert steps over the whole run.</summary>
    public long Step { get; }

    /// <summary>Where the last good adapters are, or null.</summary>
    public string? LastCheckpoint { get; }
}
