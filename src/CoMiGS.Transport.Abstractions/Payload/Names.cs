namespace CoMiGS.Transport.Payload;

/// <summary>What may be a name: it ends up in logs and in folders, so it has no control characters.</summary>
internal static class Names
{
    public static bool AreGood(string name) => name.Length > 0 && !name.Any(char.IsControl);
}
