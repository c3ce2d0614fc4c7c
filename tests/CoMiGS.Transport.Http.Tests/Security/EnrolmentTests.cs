using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests.Security;

/// <summary>One-time codes and revocation, over sockets with TLS.</summary>
public sealed class EnrolmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-").FullName;
    private readonly AnsweringCoordinator _coordinator = new();

    [Fact]
    public async Task A_code_enrols_one_device_once()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        var code = host.Options.Registry.IssueCode("anna", DateTimeOffset.MaxValue);
        using var first = await EnrolAsync(host, code);

        first.Device.Should().Be("anna");
        (await host.Invoking(h => EnrolAsync(h, code)).Should().ThrowAsync<RefusedException>()).Which.Refusal.Code.Should().Be(RefusalCode.Identity);
    }

    [Fact]
    public async Task A_code_that_is_wrong_or_too_old_enrols_nobody()
    {
        var time = new ShiftedTime();
        await using var host = await HttpHost.StartAsync(Identity.Token, time: time);
        var code = host.Options.Registry.IssueCode("anna", time.GetUtcNow().AddHours(1));
        time.Shift = TimeSpan.FromHours(2);

        await host.Invoking(h => EnrolAsync(h, code)).Should().ThrowAsync<RefusedException>().WithMessage("*too old*");
        await host.Invoking(h => EnrolAsync(h, "0123456789")).Should().ThrowAsync<RefusedException>().WithMessage("*unknown*");
    }

    [Fact]
    public async Task A_device_that_is_revoked_is_refused_at_once_and_may_be_let_in_again()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var device = host.Device("anna");
        (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<RunFinished>();

        host.Options.Registry.Revoke("anna");
        (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<Refused>().Which.Reason.Should().Contain("revoked");

        host.Options.Registry.Readmit("anna");
        (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<RunFinished>();
    }

    [Fact]
    public async Task A_lost_credential_is_revoked_and_its_device_comes_back_with_another()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var lost = await host.EnrolAsync("anna");
        using var fresh = await host.EnrolAsync("anna");

        host.Options.Registry.RevokeCredential(lost.Id);

        (await CheckInAsync(host, lost)).Should().BeOfType<Refused>();
        (await CheckInAsync(host, fresh)).Should().BeOfType<RunFinished>();
    }

    [Fact]
    public async Task A_token_with_its_key_survives_in_a_file_that_only_its_owner_reads()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var path = Path.Combine(_folder, "anna.token");
        using (var token = await host.EnrolAsync("anna"))
        {
            token.Save(path);
        }

        using var loaded = DeviceToken.Load(path);

        (await CheckInAsync(host, loaded)).Should().BeOfType<RunFinished>();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void A_file_without_a_token_is_refused_by_name()
    {
        var path = Path.Combine(_folder, "empty.token");
        File.WriteAllText(path, "nothing\n");

        FluentActions.Invoking(() => DeviceToken.Load(path)).Should().Throw<InvalidDataException>().WithMessage($"{path} does not hold*Enrol*");
    }

    [Fact]
    public void A_registry_with_a_file_forgets_nothing_and_drops_half_a_line()
    {
        var path = Path.Combine(_folder, "devices.registry");
        string code;
        using (var registry = new DeviceRegistry(path))
        {
            code = registry.IssueCode("anna", DateTimeOffset.MaxValue);
            registry.Revoke("ben");
            registry.Revoke("cleo");
            registry.Readmit("cleo");
            registry.RevokeCredential("ABCDEF");
        }

        File.ReadAllText(path).Should().NotContain(code, "a reader of the file cannot enrol");
        File.AppendAllText(path, "revoked\tdan");

        using var again = new DeviceRegistry(path);

        again.IsRevoked("ben", "").Should().BeTrue();
        again.IsRevoked("cleo", "").Should().BeFalse();
        again.IsRevoked("anna", "abcdef").Should().BeTrue();
        again.IsRevoked("dan", "").Should().BeFalse("that change was never acknowledged");
    }

    [Fact]
    public void A_file_that_is_no_registry_is_refused_with_its_line()
    {
        var path = Path.Combine(_folder, "broken.registry");
        File.WriteAllText(path, "revoked\tben\nsomething else\n");

        FluentActions.Invoking(() => new DeviceRegistry(path)).Should().Throw<InvalidDataException>().WithMessage("Line 2 of *");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<DeviceToken> EnrolAsync(HttpHost host, string code) => DeviceEnrolment.EnrolAsync(host.Address, code, host.Impatient());

    private static async Task<CheckInReply> CheckInAsync(HttpHost host, DeviceToken token)
    {
        var options = host.Impatient();
        options.Token = token;
        return await host.Device("anna", options).CheckInAsync(Sample.CheckIn("anna"));
    }
}
