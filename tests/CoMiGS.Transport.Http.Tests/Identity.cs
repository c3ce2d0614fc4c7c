namespace CoMiGS.Transport.Http.Tests;

/// <summary>How devices of a test prove who they are.</summary>
public enum Identity
{
    /// <summary>By a token that they enrolled for.</summary>
    Token,

    /// <summary>By a client certificate.</summary>
    Certificate,

    /// <summary>Not at all, and without TLS.</summary>
    None,
}
