namespace CoMiGS.Transport;

/// <summary>Which message a payload holds; the numbers are part of the wire format and never change.</summary>
public enum PayloadKind
{
    /// <summary>A <see cref="Transport.CheckIn"/>.</summary>
    CheckIn = 1,

    /// <summary>A <see cref="Transport.RoundPlan"/>.</summary>
    RoundPlan = 2,

    /// <summary>A <see cref="Transport.RetryWindow"/>.</summary>
    RetryWindow = 3,

    /// <summary>A <see cref="Transport.RunFinished"/>.</summary>
    RunFinished = 4,

    /// <summary>A <see cref="Transport.Refused"/>.</summary>
    Refused = 5,

    /// <summary>A <see cref="Transport.DownloadRequest"/>.</summary>
    DownloadRequest = 6,

    /// <summary>A <see cref="Transport.ExpertUpdate"/>.</summary>
    ExpertUpdate = 7,

    /// <summary>An <see cref="Transport.UpdateReceipt"/>.</summary>
    UpdateReceipt = 8,

    /// <summary>A <see cref="Transport.TensorSet"/>.</summary>
    TensorSet = 9,
}
