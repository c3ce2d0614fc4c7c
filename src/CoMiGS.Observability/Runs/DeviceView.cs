namespace CoMiGS.Observability.Runs;

/// <summary>A device, as viewers get it.</summary>
/// <param name="Name">Its name, or a number where names are not to be shown.</param>
/// <param name="State">Where it stands.</param>
internal sealed record DeviceView(string Name, string State);
