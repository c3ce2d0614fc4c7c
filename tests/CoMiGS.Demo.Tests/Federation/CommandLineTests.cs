using CoMiGS.CoordinatorHost;
using CoMiGS.Demo.CommandLine;
using CoMiGS.DeviceHost;
using CoMiGS.FederationTrial;
using CoMiGS.Transport;

namespace CoMiGS.Demo.Tests.Federation;

public sealed class CommandLineTests : IDisposable
{
    private static readonly string[] Coordinator = ["run", "--certificate", "tls.pem", "--key", "tls.key"];
    private static readonly string[] Device = ["--coordinator", "https://coordinator:5001", "--name", "anna", "--base", "base", "--text", "text"];
    private readonly StringWriter _errors = new();
    private CoordinatorSettings? _coordinator;
    private DeviceSettings? _device;

    [Fact]
    public async Task A_coordinators_options_become_its_settings()
    {
        await RunCoordinator([.. Coordinator, "--folder", "c", "--rounds", "7", "--devices", "5", "--quorum", "3", "--deadline", "60", "--payload", "int8", "--weight-by-samples"]);

        _errors.ToString().Should().BeEmpty();
        _coordinator.Should().BeEquivalentTo(new CoordinatorSettings
        {
            Folder = "c", Certificate = "tls.pem", Key = "tls.key", Rounds = 7, Devices = 5, Quorum = 3, DeadlineSeconds = 60, Payload = TensorType.Int8, WeightBySamples = true,
        });
    }

    [Fact]
    public async Task A_devices_options_become_its_settings()
    {
        await RunDevice([.. Device, "--code", "c0de", "--save-every", "4", "--specialists", "0"]);

        _errors.ToString().Should().BeEmpty();
        _device.Should().BeEquivalentTo(new DeviceSettings { Coordinator = "https://coordinator:5001", Name = "anna", Base = "base", Text = "text", Code = "c0de", SaveEvery = 4, Specialists = 0 });
    }

    [Theory]
    [InlineData("--rounds", "0", "--rounds is 0, but must be from 1 to 100000.")]
    [InlineData("--listen", "http://0.0.0.0:80", "--listen is 'http://0.0.0.0:80', but must be an address such as https://coordinator.example:5001.")]
    [InlineData("--quorum", "5", "--quorum is 5, but a round waits for 4 devices. Use at most that many, or more --devices.")]
    [InlineData("--deadline", "0", "--deadline is 0, but must be from 1 to 100000.")]
    public async Task What_a_coordinator_cannot_use_is_named_with_what_it_can(string option, string value, string message)
    {
        (await RunCoordinator([.. Coordinator, option, value])).Should().Be(ExitCode.WrongInput);

        _errors.ToString().Should().Contain(message).And.Contain("--help");
        _coordinator.Should().BeNull();
    }

    [Fact]
    public async Task All_that_a_coordinator_lacks_is_listed_at_once()
    {
        await RunCoordinator(["run", "--steps", "0"]);

        _errors.ToString().Should().Contain("--certificate").And.Contain("--key").And.Contain("--steps is 0");
    }

    [Fact]
    public async Task A_device_has_one_identity()
    {
        (await RunDevice([.. Device, "--certificate", "device.pem", "--code", "c0de"])).Should().Be(ExitCode.WrongInput);

        _errors.ToString().Should().Contain("--certificate and --key belong together").And.Contain("A device has one identity: leave one out.");
    }

    [Fact]
    public async Task An_address_without_tls_is_none()
    {
        await RunDevice(["--coordinator", "coordinator", "--name", "anna", "--base", "base", "--text", "text"]);

        _errors.ToString().Should().Contain("--coordinator is 'coordinator', but must be an address such as https://coordinator.example:5001.");
    }

    [Fact]
    public async Task A_trial_keeps_its_files_in_a_new_folder_only()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "mine"), "");

        var code = await TrialCommand.Of(TextWriter.Null, _errors).InvokeAsync(["--quick", "--keep", folder.Path], _errors);

        code.Should().Be(ExitCode.WrongInput);
        _errors.ToString().Should().Contain($"'{folder.Path}' is not empty. Name a new folder.");
    }

    public void Dispose() => _errors.Dispose();

    private Task<int> RunCoordinator(string[] args) => new CoordinatorCommand(
        (settings, _) => Task.FromResult((_coordinator = settings) is null ? 1 : 0),
        (_, _, _) => Task.FromResult(0)).InvokeAsync(args, _errors);

    private Task<int> RunDevice(string[] args) => new DeviceCommand((settings, _) => Task.FromResult((_device = settings) is null ? 1 : 0)).InvokeAsync(args, _errors);
}
