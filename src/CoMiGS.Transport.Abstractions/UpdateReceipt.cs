namespace CoMiGS.Transport;

/// <summary>Whether an update counts.</summary>
/// <param name="Accepted">Whether it counts.</param>
/// <param name="Code">Why not, for programs; <see cref="RefusalCode.None"/> when it counts.</param>
/// <param name="Reason">Why not, for people; empty when it counts.</param>
public sealed record UpdateReceipt(bool Accepted, RefusalCode Code, string Reason)
{
    /// <summary>The receipt of an update that counts.</summary>
    public static UpdateReceipt Counted { get; } = new(true, RefusalCode.None, "");

    /// <summary>The receipt of an update that does not count.</summary>
    /// <param name="code">Why not, for programs.</param>
    /// <param name="reason">Why not, for people.</param>
    /// <returns>The receipt.</returns>
    public static UpdateReceipt Refuse(RefusalCode code, string reason) => new(false, code, reason);
}
