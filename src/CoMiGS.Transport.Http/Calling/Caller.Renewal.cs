using System.Text;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Calling;

/// <content>Renews the device's token on the way, without anybody's help.</content>
internal sealed partial class Caller
{
    private readonly SemaphoreSlim _renewing = new(1);
    private DateTimeOffset _askAgain;

    /// <summary>Before a request: a token most of whose time is over is exchanged first. As long as it is good, a failure to do so is no failure of the request.</summary>
    private async Task RenewWhenDueAsync(CancellationToken stop)
    {
        if (_options.Token is not { } token || !token.IsDue(Now()))
        {
            return;
        }

        await _renewing.WaitAsync(stop).ConfigureAwait(false); // one request renews it for all
        try
        {
            var now = Now();
            if (token.IsDue(now) && (now >= _askAgain || now >= token.Expires))
            {
                _askAgain = now + ((token.Expires - now) / 10); // a coordinator that cannot do it is not asked with every request
                await RenewAsync(token, stop).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is RefusedException or BrokenAnswerException or HttpRequestException or IOException && Now() < token.Expires)
        {
            // It is good for a while, and there will be other requests.
        }
        finally
        {
            _renewing.Release();
        }
    }

    private async Task RenewAsync(DeviceToken token, CancellationToken stop)
    {
        using var request = Request(HttpMethod.Post, Routes.OfRenewal, Body.Empty);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
        SetClock(response);
        await Answers.RequireSuccessAsync(response, _options.Limits, stop).ConfigureAwait(false);
        try
        {
            token.Exchange(Encoding.ASCII.GetString(await Answers.ReadAsync(response, Answers.LongestToken, stop).ConfigureAwait(false)));
        }
        catch (ArgumentException e)
        {
            throw Answers.Broken(response, $", but with no token for this device: {e.Message}");
        }
    }
}
