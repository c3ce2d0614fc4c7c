namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>What lies between devices and coordinator.</summary>
public enum Line
{
    /// <summary>Nothing.</summary>
    Good,

    /// <summary>Something that does to bytes what it likes; TLS notices.</summary>
    Bytes,

    /// <summary>A proxy that ends TLS, and does to requests and answers what it likes.</summary>
    Requests,
}
