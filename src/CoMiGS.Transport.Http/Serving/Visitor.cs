using Microsoft.AspNetCore.Http;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Who sends a request.</summary>
/// <param name="Device">The device's proven name; null where unknown devices are allowed.</param>
internal sealed record Visitor(string? Device)
{
    public static Visitor Unknown { get; } = new((string?)null);

    /// <summary>A message speaks for its sender only.</summary>
    public void RequireToBe(string device)
    {
        if (Device is not null && Device != device)
        {
            throw AnswerException.Refuse(StatusCodes.Status403Forbidden, RefusalCode.Identity, $"The message is of device {device}, but {Device} sent it. Give the device the name that its certificate or token has.");
        }
    }
}
