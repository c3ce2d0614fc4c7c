namespace CoMiGS.Transport.Http.Tests;

/// <summary>Sees and changes what a device sends and receives.</summary>
internal sealed class Tap(HttpMessageHandler inner, Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> between) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        between(request, () => base.SendAsync(request, cancellationToken));
}
