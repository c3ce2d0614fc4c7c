using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Tests.Page;

/// <summary>The page in a browser, of a coordinator that leads a run. Set <c>COMIGS_SCREENSHOTS</c> to a folder to keep the pictures.</summary>
[Trait("Category", "Long")]
public sealed class BrowserTests
{
    private const int Round = 9;

    // The whole page and everything that is seen on it, against the screen and against the card that it lies in.
    private const string Overflow = """
        `${innerWidth} px wide, overflowing: ` + [document.documentElement, ...document.querySelectorAll('body *')]
          .filter(e => e.checkVisibility() && e.clientWidth > 0 && (e.getBoundingClientRect().right > innerWidth + 0.5 || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== 'ellipsis')))
          .map(e => e.tagName + '#' + e.id + '.' + e.className).join(', ')
        """;

    [BrowserFact]
    public async Task A_browser_shows_rounds_devices_curves_and_refusals_on_a_desk_and_on_a_phone_by_day_and_by_night()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(12));
        var goOn = new TaskCompletionSource();
        var run = await Federation.RunUntilAsync(host, Round, goOn.Task);
        await RefuseAsync(host);
        await using var browser = await Browser.StartAsync();

        foreach (var (width, dark) in new[] { (1280, false), (1280, true), (375, false), (375, true) })
        {
            await browser.OpenAsync(host.Address, width, 900, dark);
            await browser.UntilAsync("document.querySelectorAll('#roundRows tr').length === 9 && document.querySelectorAll('#refusals .code').length === 3");

            (await browser.AskAsync(Overflow)).Should().Be($"{width} px wide, overflowing: ");
            (await browser.AskAsync("document.getElementById('rounds').textContent")).Should().Be("8 / 12");
            (await browser.AskAsync("document.getElementById('phase').textContent")).Should().Contain("Round 9 of 12: waiting for 3 of 4 updates", "one was refused");
            (await browser.AskAsync("[...document.querySelectorAll('#deviceList li')].map(e => e.textContent).join('|')")).Should().Be(string.Join('|', Federation.Names.Order(StringComparer.Ordinal)));
            (await browser.AskAsync("document.getElementById('refusals').textContent")).Should().Contain("NotInRound").And.Contain("BaseFingerprint").And.Contain("× 3").And.Contain("check-in of stranger");
            (await browser.AskAsync("document.querySelectorAll('#lossChart polyline').length + ' ' + document.querySelectorAll('#perplexityChart polyline').length")).Should().Be("2 2");
            (await browser.AskAsync("document.querySelectorAll('#layers .bar').length")).Should().Be("12");
            (await browser.AskAsync("document.querySelectorAll('#deviceList img').length + ' ' + document.title")).Should().Be("0 letters – round 8 of 12", "what a device calls itself is text");
            await KeepAsync(browser, $"run-{width}-{(dark ? "dark" : "light")}");
        }

        goOn.SetResult();
        await browser.UntilAsync("document.getElementById('rounds').textContent === '12 / 12'");
        await run.WaitAsync(TimeSpan.FromSeconds(30));
        browser.Requests.Where(address => address != "about:blank").Should().OnlyContain(address => address.StartsWith(host.Address.ToString(), StringComparison.Ordinal), "the page loads nothing from anywhere else");
        browser.Complaints.Should().BeEmpty();
    }

    [BrowserFact]
    public async Task A_browser_shows_a_run_that_has_not_begun()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(12));
        await using var browser = await Browser.StartAsync();

        foreach (var width in new[] { 1280, 375 })
        {
            await browser.OpenAsync(host.Address, width, 900, dark: false);
            await browser.UntilAsync("document.getElementById('phase')?.textContent === 'Waiting for 4 of 4 devices'");

            (await browser.AskAsync(Overflow)).Should().Be($"{width} px wide, overflowing: ");
            (await browser.AskAsync("document.body.innerText")).Should().Contain("No device has checked in yet").And.Contain("No round has opened yet").And.Contain("Nothing was refused");
            await KeepAsync(browser, $"empty-{width}");
        }

        browser.Complaints.Should().BeEmpty();
    }

    private static async Task RefuseAsync(RunHost host)
    {
        var tensors = new TensorSet([NamedTensor.FromFloats("h.0.lora_A", [3], [1, 2, 3])]);
        await host.Coordinator.UploadAsync(new ExpertUpdate("letters", Round, "stranger", 1, "base", 100, tensors, new Dictionary<string, double>()));
        await host.Coordinator.UploadAsync(new ExpertUpdate("letters", Round, "anna", 1, "base", 100, new TensorSet([NamedTensor.FromFloats("h.0.lora_A", [3], [1, float.NaN, 3])]), new Dictionary<string, double>()));
        for (var time = 0; time < 3; time++)
        {
            await host.Coordinator.CheckInAsync(new CheckIn("letters", "stranger", "another base", tensors.Specs, 10, ProtocolVersion.Current));
        }
    }

    private static async Task KeepAsync(Browser browser, string name)
    {
        var picture = await browser.PictureAsync();
        picture.Length.Should().BeGreaterThan(10_000, "there is something to see");
        if (Environment.GetEnvironmentVariable("COMIGS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), picture);
        }
    }
}
