using System.Security.Cryptography;
using System.Text;

namespace CoMiGS.Transport.Http.Security;

/// <summary>
/// Which devices a coordinator lets in: one-time codes to enrol with, and devices and credentials that are let in no more. With a file, every
/// change is on disk before the call that makes it returns.
/// </summary>
/// <remarks>Thread-safe. Codes are kept as hashes: whoever reads the file cannot enrol with it.</remarks>
public sealed class DeviceRegistry : IDisposable
{
    private const int CodeBytes = 20;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Code> _codes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revokedDevices = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revokedCredentials = new(StringComparer.OrdinalIgnoreCase);
    private readonly RegistryFile? _file;

    /// <summary>A registry, as its file says.</summary>
    /// <param name="path">The file; made if there is none. Without one the registry lives as long as the process.</param>
    /// <exception cref="InvalidDataException">The file is no registry.</exception>
    public DeviceRegistry(string? path = null)
    {
        if (path is not null)
        {
            _file = new RegistryFile(path, Apply);
        }
    }

    /// <summary>Makes a code with which one device may enrol, once. Hand it over on a way that you trust.</summary>
    /// <param name="device">The name that the device will have.</param>
    /// <param name="expires">When the code ends.</param>
    /// <returns>The code: 160 random bits in hexadecimal.</returns>
    public string IssueCode(string device, DateTimeOffset expires)
    {
        RequireName(device);
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CodeBytes));
        Change("code", HashOf(code), expires.ToUnixTimeMilliseconds().ToString(), device);
        return code;
    }

    /// <summary>Lets a device in no more, whatever it proves, until <see cref="Readmit"/>.</summary>
    /// <param name="device">Its name.</param>
    public void Revoke(string device)
    {
        RequireName(device);
        Change("revoked", device);
    }

    /// <summary>Takes <see cref="Revoke"/> back.</summary>
    /// <param name="device">Its name.</param>
    public void Readmit(string device)
    {
        RequireName(device);
        Change("readmitted", device);
    }

    /// <summary>Lets nobody in with this credential any more; the device may come back with another.</summary>
    /// <param name="id">The <c>jti</c> of a token, or the SHA-256 thumbprint of a certificate in hexadecimal.</param>
    public void RevokeCredential(string id)
    {
        RequireName(id);
        Change("credential", id);
    }

    /// <summary>Whether a device or its credential is revoked.</summary>
    /// <param name="device">Its name.</param>
    /// <param name="credential">The <c>jti</c> of its token, or the SHA-256 thumbprint of its certificate.</param>
    public bool IsRevoked(string device, string credential)
    {
        lock (_lock)
        {
            return _revokedDevices.Contains(device) || _revokedCredentials.Contains(credential);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>Uses a code up for the holder of a key, who may repeat the request if the answer got lost.</summary>
    /// <returns>The device's name; null if the code is unknown, too old, or used by somebody else.</returns>
    internal string? Redeem(string code, string keyThumbprint, DateTimeOffset now)
    {
        lock (_lock)
        {
            var hash = HashOf(code);
            if (!_codes.TryGetValue(hash, out var found) || found.Expires < now || (found.UsedBy is not null && found.UsedBy != keyThumbprint))
            {
                return null;
            }

            if (found.UsedBy is null)
            {
                Change("redeemed", hash, keyThumbprint);
            }

            return found.Device;
        }
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private static void RequireName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Any(char.IsControl))
        {
            throw new ArgumentException("The name has control characters. Give a printable one.", nameof(name));
        }
    }

    private void Change(params string[] entry)
    {
        lock (_lock)
        {
            _file?.Append(entry); // first: what is not on disk has not happened
            Apply(entry);
        }
    }

    private bool Apply(string[] entry)
    {
        switch (entry)
        {
            case ["code", var hash, var expires, var device] when long.TryParse(expires, out var milliseconds):
                _codes[hash] = new Code(device, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), null);
                return true;
            case ["redeemed", var hash, var thumbprint] when _codes.TryGetValue(hash, out var code):
                _codes[hash] = code with { UsedBy = thumbprint };
                return true;
            case ["revoked", var device]:
                _revokedDevices.Add(device);
                return true;
            case ["readmitted", var device]:
                _revokedDevices.Remove(device);
                return true;
            case ["credential", var id]:
                _revokedCredentials.Add(id);
                return true;
            default:
                return false;
        }
    }

    private sealed record Code(string Device, DateTimeOffset Expires, string? UsedBy);
}
