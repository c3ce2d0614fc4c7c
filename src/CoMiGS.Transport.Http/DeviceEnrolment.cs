using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CoMiGS.Transport.Http.Calling;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http;

/// <summary>Makes a device known to its coordinator.</summary>
public static class DeviceEnrolment
{
    /// <summary>Makes a key on this device and has the coordinator sign a token for it. The key never leaves the device.</summary>
    /// <param name="address">The coordinator's address.</param>
    /// <param name="code">The one-time code that <see cref="DeviceRegistry.IssueCode"/> made for this device.</param>
    /// <param name="options">How to reach the coordinator; without an identity.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="cancellationToken">Stops enrolling.</param>
    /// <returns>The token with its key; <see cref="DeviceToken.Save"/> it.</returns>
    /// <exception cref="RefusedException">The code is no good.</exception>
    /// <exception cref="TransportException">The coordinator could not be reached.</exception>
    public static async Task<DeviceToken> EnrolAsync(Uri address, string code, HttpDeviceOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Violations(address).ToList() is { Count: > 0 } violations)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, violations), nameof(options));
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var proofs = new ProofMaker(key);
            using var caller = new Caller(address, options, time ?? TimeProvider.System);
            var token = await caller.SendAsync(
                HttpMethod.Post,
                Routes.OfEnrolment,
                Body.Empty,
                async (response, stop) => Encoding.ASCII.GetString(await Answers.ReadAsync(response, Answers.LongestToken, stop).ConfigureAwait(false)),
                options.RequestTimeout,
                cancellationToken,
                (headers, now) =>
                {
                    headers.Authorization = new AuthenticationHeaderValue(WireHeaders.CodeScheme, code);
                    headers.Add(WireHeaders.Proof, proofs.Prove(HttpMethod.Post.Method, new Uri(address, Routes.OfEnrolment), now));
                }).ConfigureAwait(false);
            return new DeviceToken(token, key);
        }
        catch (BrokenAnswerException e)
        {
            key.Dispose();
            throw new TransportException($"The device could not enrol. {e.Message}", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
