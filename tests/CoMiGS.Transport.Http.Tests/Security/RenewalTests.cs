using System.Net;
using System.Security.Cryptography;
using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests.Security;

/// <summary>Tokens that end in the middle of a run.</summary>
public sealed class RenewalTests : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-").FullName;
    private readonly ShiftedTime _time = new();
    private readonly AnsweringCoordinator _coordinator = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(45)]
    [InlineData(70)]
    public async Task A_device_whose_token_ends_in_the_middle_of_a_run_renews_it_without_help(int minutesOfTraining)
    {
        await using var host = await StartAsync();
        using var coordinator = new Coordinator(new RoundOptions { Count = 4 }, new WeightedMean());
        await using var serving = new Serving(host.Coordinator, coordinator);
        using var token = await host.EnrolAsync("anna");
        var (id, first, ends) = (token.Id, token.Token, token.Expires);

        await new FederatedDevice("run", "anna", new LongTraining(() => _time.Shift += TimeSpan.FromMinutes(minutesOfTraining)), Device(host, token)).RunAsync().WaitAsync(TimeSpan.FromMinutes(1));

        (await coordinator.Finished).Rounds.Should().Be(4);
        coordinator.Shared[0].AsFloats()[0].Should().Be(4);
        token.Token.Should().NotBe(first);
        token.Expires.Should().BeAfter(ends + TimeSpan.FromMinutes(2 * minutesOfTraining));
        token.Id.Should().Be(id);
    }

    [Fact]
    public async Task A_renewed_token_is_kept_where_the_last_one_was()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var path = Path.Combine(_folder, "anna.token");
        (await host.EnrolAsync("anna")).Save(path);
        using var token = DeviceToken.Load(path);
        _time.Shift = TimeSpan.FromMinutes(50);

        await CheckInAsync(host, token);

        using var next = DeviceToken.Load(path);
        (next.Token, next.Expires).Should().Be((token.Token, token.Expires));
        next.Expires.Should().BeAfter(_time.GetUtcNow() + (Lifetime * 0.9));
    }

    [Fact]
    public async Task A_credential_that_is_revoked_is_not_renewed_and_neither_is_what_it_was_renewed_to()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var token = await host.EnrolAsync("anna");
        var id = token.Id;
        _time.Shift = TimeSpan.FromMinutes(50);
        (await CheckInAsync(host, token)).Should().BeOfType<RunFinished>();

        host.Options.Registry.RevokeCredential(id);
        (await CheckInAsync(host, token)).Should().BeOfType<Refused>().Which.Reason.Should().Contain("revoked");
        _time.Shift += TimeSpan.FromMinutes(50);
        var renewed = token.Token;

        (await CheckInAsync(host, token)).Should().BeOfType<Refused>().Which.Reason.Should().Contain("revoked");
        token.Token.Should().Be(renewed);
    }

    [Fact]
    public async Task A_token_that_ended_too_long_ago_is_not_renewed()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var token = await host.EnrolAsync("anna");
        _time.Shift = Lifetime + TimeSpan.FromDays(7.01);

        (await CheckInAsync(host, token)).Should().BeOfType<Refused>().Which.Reason.Should().Contain("has ended. Enrol the device again");
        _coordinator.Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task A_stolen_token_is_not_renewed_without_its_key()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var token = await host.EnrolAsync("anna");
        using var stolen = new DeviceToken(token.Token, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        _time.Shift = TimeSpan.FromMinutes(50);
        var before = stolen.Token;

        (await CheckInAsync(host, stolen)).Should().BeOfType<Refused>().Which.Reason.Should().Contain("not signed with the key");
        stolen.Token.Should().Be(before);
    }

    [Fact]
    public async Task While_a_token_is_good_a_coordinator_that_cannot_renew_it_stops_nobody_and_is_not_asked_all_the_time()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var token = await host.EnrolAsync("anna");
        var asked = 0;
        var options = Options(host, token);
        options.Handler = inner => new Tap(inner, (request, send) =>
        {
            var renewal = request.RequestUri!.AbsolutePath.EndsWith("renewal", StringComparison.Ordinal);
            asked += renewal ? 1 : 0;
            return renewal ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound)) : send();
        });
        using var device = new HttpDeviceTransport(host.Address, options, _time);
        _time.Shift = TimeSpan.FromMinutes(50);

        for (var call = 0; call < 10; call++)
        {
            (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<RunFinished>();
        }

        asked.Should().Be(1);
        _time.Shift += TimeSpan.FromMinutes(2);
        await device.CheckInAsync(Sample.CheckIn("anna"));
        asked.Should().Be(2);
    }

    [Fact]
    public async Task A_device_whose_clock_is_behind_learns_that_its_token_has_ended_and_renews_it()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var token = await host.EnrolAsync("anna");
        _time.Shift = TimeSpan.FromHours(3);
        using var device = new HttpDeviceTransport(host.Address, Options(host, token), new ShiftedTime());

        (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<RunFinished>();
        token.Expires.Should().BeAfter(_time.GetUtcNow());
    }

    private Task<HttpHost> StartAsync() => HttpHost.StartAsync(Identity.Token, configure: o => o.TokenLifetime = Lifetime, time: _time);

    private HttpDeviceTransport Device(HttpHost host, DeviceToken token) => new(host.Address, Options(host, token), _time);

    private async Task<CheckInReply> CheckInAsync(HttpHost host, DeviceToken token)
    {
        using var device = Device(host, token);
        return await device.CheckInAsync(Sample.CheckIn("anna"));
    }

    private static HttpDeviceOptions Options(HttpHost host, DeviceToken token)
    {
        var options = host.Impatient();
        options.Token = token;
        return options;
    }

    /// <summary>Training that takes its time, and adds one to what it was given.</summary>
    private sealed class LongTraining(Action passTime) : ILocalTraining
    {
        private float _value;

        public string BaseFingerprint => "base";

        public long Samples => 1;

        public IReadOnlyList<TensorSpec> SharedParameters { get; } = [new("generalist", TensorType.Float32, [1])];

        public void InitialiseShared(long seed) => _value = 0;

        public void Import(TensorSet parameters) => _value = parameters[0].AsFloats()[0];

        public TensorSet Export() => new([NamedTensor.FromFloats("generalist", [1], [_value])]);

        public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
        {
            passTime();
            _value++;
            return new Dictionary<string, double>();
        }
    }
}
