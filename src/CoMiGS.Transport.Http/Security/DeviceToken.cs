using System.Security.Cryptography;
using System.Text;
using CoMiGS.Transport.Http.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Security;

/// <summary>What a device proves itself with: a token that its coordinator signed, and the private key that the token is bound to. Worthless without the key.</summary>
/// <remarks>
/// A transport exchanges it for a newer one of the same key before it ends, and where it came from a file, or was saved to one, puts the newer one there. Thread-safe.
/// </remarks>
public sealed class DeviceToken : IDisposable
{
    private const string TokenLine = "token: ";
    private readonly ECDsa _key;
    private readonly ProofMaker _proofs;
    private volatile Signed _signed;
    private volatile string? _path;

    /// <summary>A token and its key.</summary>
    /// <param name="token">The token, as the coordinator gave it.</param>
    /// <param name="key">The private key, on the curve P-256; belongs to this object from now on.</param>
    public DeviceToken(string token, ECDsa key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        ArgumentNullException.ThrowIfNull(key);
        _signed = new Signed(token);
        _key = key;
        _proofs = new ProofMaker(key);
    }

    /// <summary>The token in its compact form.</summary>
    public string Token => _signed.Token;

    /// <summary>The name of the device that it was given to.</summary>
    public string Device => _signed.Device;

    /// <summary>Its id, with which <see cref="DeviceRegistry.RevokeCredential"/> revokes it and what it is renewed to: the same from enrolment on.</summary>
    public string Id => _signed.Id;

    /// <summary>When it ends, unless it is renewed.</summary>
    public DateTimeOffset Expires => _signed.Ends;

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
            return new DeviceToken(token![TokenLine.Length..].Trim(), key) { _path = path };
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
        var half = $"{path}.new";
        using (var stream = OwnersFile.Open(half, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.ASCII.GetBytes($"{TokenLine}{Token}\n{_key.ExportPkcs8PrivateKeyPem()}\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
        _path = path;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>The header that shows the token, and a proof for one request.</summary>
    internal (string Token, string Proof) Show(string method, Uri address, DateTimeOffset now)
    {
        var token = Token; // it may be exchanged meanwhile
        return (token, _proofs.Prove(method, address, now, ProofClaims.HashOf(token)));
    }

    /// <summary>Whether two thirds of the token's time are over.</summary>
    internal bool IsDue(DateTimeOffset now) => now - _signed.Begins > (_signed.Ends - _signed.Begins) * (2 / 3.0);

    /// <summary>Takes a newer token of the same device and credential, and keeps it where the last one was.</summary>
    /// <exception cref="ArgumentException">It is no such token.</exception>
    internal void Exchange(string token)
    {
        var next = new Signed(token);
        if (next.Device != Device || next.Id != Id)
        {
            throw new ArgumentException($"The token is of device {next.Device} and credential {next.Id}, not of {Device} and {Id}.", nameof(token));
        }

        _signed = next;
        try
        {
            if (_path is { } path)
            {
                Save(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // This process has the new one; the next begins with the old one, which can be renewed for a while.
        }
    }

    private sealed class Signed
    {
        public Signed(string token)
        {
            var read = new JsonWebToken(token);
            (Token, Device, Id, Begins, Ends) = (token, read.Subject, read.Id, Utc(read.IssuedAt), Utc(read.ValidTo));
        }

        public string Token { get; }

        public string Device { get; }

        public string Id { get; }

        public DateTimeOffset Begins { get; }

        public DateTimeOffset Ends { get; }

        private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
    }
}
