using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace CoMiGS.Storage.PostgreSql.Tests;

/// <summary>A PostgreSQL server of the tests' own: a cluster in a folder that is gone afterwards, reached over a socket in that folder.</summary>
/// <remarks>PostgreSQL refuses to run as root; then the user that Debian's package makes runs it.</remarks>
public sealed class Server : IDisposable
{
    private const string PackageUser = "postgres";
    private static readonly Lazy<string?> Programs = new(FindPrograms);

    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-pg-").FullName;
    private int _databases;

    /// <summary>A server that runs, or none where there is no PostgreSQL: then no test uses it.</summary>
    public Server()
    {
        if (Missing is not null)
        {
            return;
        }

        if (AsPackageUser)
        {
            Run("chown", PackageUser, _folder);
        }

        Run(Program("initdb"), "-D", Data, "-U", PackageUser, "-A", "trust", "-E", "UTF8", "--locale", "C");
        Start();
    }

    /// <summary>Why there is no server; null if there is one.</summary>
    public static string? Missing => Programs.Value is null ? "There is no PostgreSQL server on this machine (initdb and pg_ctl). ./build.sh test installs it on Debian and Ubuntu." : null;

    private static bool AsPackageUser => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A database of its own.</summary>
    /// <returns>Its connection string.</returns>
    public string Database()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"d{++_databases}");
        Execute($"CREATE DATABASE {name}");
        return Connection(name);
    }

    /// <summary>A part of a database of its own, which is made sooner than a database.</summary>
    /// <returns>Its connection string.</returns>
    public string Schema()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"s{++_databases}");
        Execute($"CREATE SCHEMA {name}");
        return $"{Connection("postgres")};Search Path={name}";
    }

    /// <summary>Does something as the administrator.</summary>
    public void Execute(string command)
    {
        using var connection = new NpgsqlConnection(Connection("postgres"));
        connection.Open();
        using var sql = new NpgsqlCommand(command, connection);
        sql.ExecuteNonQuery();
    }

    /// <summary>Crashes the server: nobody is told, nothing is tidied up.</summary>
    public void Crash() => Run(Program("pg_ctl"), "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Starts it.</summary>
    public void Start() => Run(Program("pg_ctl"), "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-c listen_addresses= -c unix_socket_directories={_folder}", "start");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Missing is null)
        {
            Crash();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindPrograms()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).ToList();
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            folders.AddRange(Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")));
        }

        return OperatingSystem.IsWindows() ? null : folders.Find(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static string Program(string name) => Path.Combine(Programs.Value!, name);

    private static void Run(string program, params string[] arguments)
    {
        var asOther = AsPackageUser && program != "chown";
        var start = new ProcessStartInfo(asOther ? "runuser" : program, [.. asOther ? ["-u", PackageUser, "--", program] : Array.Empty<string>(), .. arguments])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = !arguments.Contains("start"), // a server inherits its starter's output, and would hold it open
        };
        using var process = Process.Start(start)!;
        var output = start.RedirectStandardOutput ? process.StandardOutput.ReadToEnd() : "";
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        }
    }

    private string Connection(string database) => $"Host={_folder};Username={PackageUser};Database={database};Pooling=false";
}
