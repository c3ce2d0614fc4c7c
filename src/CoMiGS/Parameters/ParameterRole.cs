namespace CoMiGS.Parameters;

/// <summary>What a trainable parameter is for. Whether it may leave the device follows from its role, never from its name.</summary>
public enum ParameterRole
{
    /// <summary>A LoRA factor of a generalist expert, theta^G: aggregated over all devices (paper section 3).</summary>
    Generalist,

    /// <summary>A LoRA factor of a specialist expert, theta_i^S: stays on the device.</summary>
    Specialist,

    /// <summary>A weight of a router, phi_i: stays on the device and learns on validation data.</summary>
    Router,

    /// <summary>A LoRA factor of an attention projection: shared in the paper's released code.</summary>
    Attention,

    /// <summary>A LoRA factor of an expert that the coordinator hands to some devices, others in every round (FedAMoLE): averaged over those that hold it.</summary>
    Assigned,
}
