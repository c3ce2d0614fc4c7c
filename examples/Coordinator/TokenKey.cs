using System.Security.Cryptography;
using CoMiGS.Demo.CommandLine;

namespace CoMiGS.CoordinatorHost;

/// <summary>The key that signs the tokens of devices that enrol: made once, and kept, since with another one no token is good any more.</summary>
internal static class TokenKey
{
    private const string Name = "token.key";

    /// <summary>Reads the key, or makes it.</summary>
    /// <param name="folder">Where it lies.</param>
    public static ECDsa Open(string folder) => InputFile.Read("--folder", folder, "a folder that can be written to", _ => ReadOrMake(Path.Combine(folder, Name)));

    private static ECDsa ReadOrMake(string path)
    {
        if (!File.Exists(path))
        {
            Make(path);
        }

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    private static void Make(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(path + ".new", key.ExportPkcs8PrivateKeyPem() + Environment.NewLine);
        File.Move(path + ".new", path, overwrite: true);
    }
}
