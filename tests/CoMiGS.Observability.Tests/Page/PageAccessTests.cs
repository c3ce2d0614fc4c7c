using System.Net;
using System.Text.RegularExpressions;
using CoMiGS.Observability.Page;

namespace CoMiGS.Observability.Tests.Page;

/// <summary>Who sees the page, and what it asks a browser to load.</summary>
public sealed partial class PageAccessTests
{
    private const string NamespaceThatNobodyLoads = "http://www.w3.org/2000/svg";
    private static readonly string[] Files = ["/", "/live.css", "/live.js", "/charts.js", "/icon.svg"];

    [Fact]
    public async Task The_files_of_the_page_lie_in_the_library_and_name_no_other_place()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4));
        using var http = new HttpClient { BaseAddress = host.Address };

        foreach (var file in Files)
        {
            var text = await http.GetStringAsync(new Uri(file, UriKind.Relative));

            text.Should().NotBeEmpty();
            Elsewhere().Matches(text).Select(match => match.Value).Where(address => address != NamespaceThatNobodyLoads).Should().BeEmpty();
            text.Should().NotContain("innerHTML").And.NotContain("insertAdjacentHTML").And.NotContain("eval(").And.NotContain("style=");
        }
    }

    [Fact]
    public async Task A_browser_is_told_to_run_nothing_but_the_pages_own_script()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4));
        using var http = new HttpClient { BaseAddress = host.Address };

        foreach (var file in Files)
        {
            using var answer = await http.GetAsync(new Uri(file, UriKind.Relative));

            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().StartWith("default-src 'none';").And.Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe").And.NotContain("*");
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("coordinator.example.com", null)]
    [InlineData("localhost", "10.0.0.7")]
    public async Task A_request_under_another_name_or_through_a_proxy_is_not_this_machines_own(string name, string? forwardedFor)
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4));
        using var http = new HttpClient();

        foreach (var file in Files.Append("/events"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, file));
            request.Headers.Host = name;
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
            using var answer = await http.SendAsync(request);

            answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Without_tls_not_even_a_page_for_anyone_is_for_other_machines()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4), page => page.AllowAnyone = true);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Address);
        request.Headers.Host = "coordinator.example.com";

        using var answer = await http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [GeneratedRegex("(https?:)?//[a-z][^\"'`) ]*")]
    private static partial Regex Elsewhere();
}
