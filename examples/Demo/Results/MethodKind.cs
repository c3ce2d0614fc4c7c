namespace CoMiGS.Demo.Results;

/// <summary>The three ways of fine-tuning that the demo compares, all with the same budget of steps.</summary>
public enum MethodKind
{
    /// <summary>Nothing is shared: every device learns alone.</summary>
    Local,

    /// <summary>Everything is shared: all devices hold one model.</summary>
    FedAvg,

    /// <summary>Generalists are shared, specialists and the router stay on the device.</summary>
    CoMiGS,
}
