namespace CoMiGS.Transport;

/// <summary>A message did not get through: the line is cut, or nobody listens. The call may be repeated.</summary>
public sealed class TransportException : Exception
{
    /// <summary>A failure of the transport.</summary>
    public TransportException()
        : this("The message did not get through.")
    {
    }

    /// <summary>A failure of the transport.</summary>
    /// <param name="message">What happened.</param>
    public TransportException(string message)
        : base(message)
    {
    }

    /// <summary>A failure of the transport with its cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public TransportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
