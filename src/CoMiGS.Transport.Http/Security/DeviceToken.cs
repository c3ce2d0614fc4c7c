using System.Security.Cryptography;
using System.Text;
using CoMiGS.Transport.Http.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Security;

/// <summary>What a device proves itself with: a token that its coordinator signed, and the private key that the token is bound to. Worthless without the key.</summary>
public sealed class DeviceToken : IDisposable
{
    private const string TokenLine = "token: ";
    private readonly ECDsa _key;
    private readonly ProofMaker _proofs;

    /// <summary>A token and its key.</summary>
    /// <param name="token">The token, as the coordinator gave it.</param>
    /// <param name="key">The private key, on the curve P-256; belongs to this object from now on.</param>
    public DeviceToken(string token, ECDsa key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        ArgumentNullException.ThrowIfNull(key);
        Token = token;
        _key = key;
        _proofs = new ProofMaker(key);
        var read = new JsonWebToken(token);
        (Device, Id, Expires) = (read.Subject, read.Id, read.ValidTo);
    }

    /// <summary>The token in its compact form.</summary>
    public string Token { get; }

    /// <summary>The name of the device that it was given to.</summary>
    public string Device { get; }

    /// <summary>Its id, with which <see cref="DeviceRegistry.RevokeCredential"/> revokes it.</summary>
    public string Id { get; }

    /// <summary>When it ends; enrol again before.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The token with its key.</returns>
    /// <exception cref="InvalidDataException">The file holds no token and key.</exception>
    public static DeviceToken Load(string path)
    {
        var text = File.ReadAllText(path);
        var token = text.Split('\n').FirstOrDefault(line => line.StartsWith(TokenLine, StringComparison.Ordinal));
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return new DeviceToken(token![TokenLine.Length..].Trim(), key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or NullReferenceException)
        {
            key.Dispose();
            throw new InvalidDataException($"{path} does not hold a device's token and key. Enrol the device again.", e);
        }
    }

    /// <summary>Keeps token and key in a file that only its owner may read; whole or not at all.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var half = $"{path}.new";
        using (var stream = new FileStream(half, options))
        {
            stream.Write(Encoding.ASCII.GetBytes($"{TokenLine}{Token}\n{_key.ExportPkcs8PrivateKeyPem()}\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>A proof for one request.</summary>
    internal string Prove(string method, Uri address, DateTimeOffset now) => _proofs.Prove(method, address, now, ProofClaims.HashOf(Token));
}
