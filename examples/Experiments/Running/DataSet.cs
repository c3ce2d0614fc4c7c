using System.Security.Cryptography;
using System.Text;
using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Running;

/// <summary>A data set that is read.</summary>
/// <param name="Name">The name in tables.</param>
/// <param name="Users">The users' texts.</param>
/// <param name="Hash">Of all names and texts.</param>
/// <param name="Rounds">Rounds on it; null for the budget's.</param>
public sealed record DataSet(string Name, IReadOnlyList<UserText> Users, string Hash, int? Rounds = null)
{
    private const int BytesPerKilobyte = 1_000;

    /// <summary>Whether all users are tested on one text, so that the figures of a seed are no independent ones.</summary>
    public bool HasOneTest => Users.Count > 1 && Users.All(user => user.Test == Users[0].Test);

    /// <summary>Reads a data set and checks that every split has a window.</summary>
    /// <param name="spec">Which.</param>
    /// <param name="window">Bytes that the model looks at together.</param>
    /// <exception cref="DemoException">Text is missing or too short, or a list does not fit the users.</exception>
    public static DataSet Read(DataSpec spec, int window)
    {
        ArgumentNullException.ThrowIfNull(spec);
        try
        {
            var users = spec.Folder is { } folder
                ? DemoTextReader.UsersOf(folder, spec.TrainKilobytes)
                : DemoTextReader.Read(new DemoOptions { Scenario = spec.Scenario, TrainKilobytes = spec.TrainKilobytes }, window).Users;
            users = [.. (spec.Mixed ? Mix(spec, users) : users).Select(user => spec.TestKilobytes is { } most ? user with { Test = Shortened(spec, user.Test, most * BytesPerKilobyte) } : user)];
            foreach (var user in users)
            {
                user.RequireWindows(window);
            }

            return new DataSet(spec.Name, users, HashOf(users), spec.Rounds);
        }
        catch (DemoException wrong)
        {
            throw new DemoException($"Data set \"{spec.Name}\": {wrong.Message}", wrong);
        }
    }

    // A mixed text has one user after the other.
    private static string Shortened(DataSpec spec, string test, int bytes) => spec.Mixed ? TextSample.Of(test, bytes) : TextSplitter.Beginning(test, bytes);

    private static IReadOnlyList<UserText> Mix(DataSpec spec, IReadOnlyList<UserText> users)
    {
        var mixed = spec.Folder is { } folder ? MixedText.Read(folder) : MixedText.Of(users);
        return [.. users.Select(user => user with { Valid = mixed.Valid, Test = mixed.Test })];
    }

    private static string HashOf(IReadOnlyList<UserText> users)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in users.SelectMany(user => new[] { user.Name, user.Train, user.Valid, user.Test }))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.LongLength));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }
}
