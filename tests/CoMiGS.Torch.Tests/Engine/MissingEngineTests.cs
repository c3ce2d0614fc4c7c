#if TORCH_SYSTEM
using System.Diagnostics;

namespace CoMiGS.Torch.Tests.Engine;

public sealed class MissingEngineTests : IDisposable
{
    private readonly string _application = Directory.CreateTempSubdirectory("comigs").FullName;

    [Fact]
    public void With_the_engine_in_place_the_program_runs()
    {
        Copy(withEngine: true);

        Run().Should().Be((0, "1"));
    }

    [Fact]
    public void Without_the_shim_the_error_says_how_to_build_it()
    {
        Copy(withEngine: false);

        var (code, output) = Run();

        code.Should().Be(1);
        output.Should().Contain("libcomigs_torch.so was not found beside the application").And.Contain("./build.sh setup");
    }

    [Fact]
    public void Without_the_libtorch_the_shim_was_built_against_the_error_says_what_to_install()
    {
        Copy(withEngine: false);
        ShimOfAnotherLibTorch();

        var (code, output) = Run();

        code.Should().Be(1);
        output.Should().Contain("libtorch was not found, or it is another version").And.Contain("libtorch-dev").And.Contain("LIBTORCH").And.Contain("libtorch_of_another_version.so");
    }

    public void Dispose() => Directory.Delete(_application, recursive: true);

    /// <summary>A library where the shim belongs that needs a libtorch which is not on this machine.</summary>
    private void ShimOfAnotherLibTorch()
    {
        File.WriteAllText(Path.Combine(_application, "empty.c"), "int comigs_of_another_version(void) { return 0; }");
        File.WriteAllText(Path.Combine(_application, "shim.c"), "int comigs_of_another_version(void); int comigs_shim(void) { return comigs_of_another_version(); }");
        Shell("c++", "-x", "c", "-shared", "-fPIC", "-o", "libtorch_of_another_version.so", "empty.c").Should().Be((0, ""));
        Shell("c++", "-x", "c", "-shared", "-fPIC", "-o", "libcomigs_torch.so", "shim.c", "-x", "none", "./libtorch_of_another_version.so").Should().Be((0, ""));
        File.Delete(Path.Combine(_application, "libtorch_of_another_version.so"));
    }

    private void Copy(bool withEngine)
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            if (withEngine || !file.EndsWith("libcomigs_torch.so", StringComparison.Ordinal))
            {
                var copy = Path.Combine(_application, Path.GetRelativePath(AppContext.BaseDirectory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    private (int Code, string Output) Run() => Shell("dotnet", "exec", typeof(MissingEngineTests).Assembly.GetName().Name + ".dll");

    private (int Code, string Output) Shell(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = _application, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }
}
#endif
