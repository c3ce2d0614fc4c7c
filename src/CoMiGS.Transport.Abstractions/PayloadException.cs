namespace CoMiGS.Transport;

/// <summary>Bytes are not a message of this protocol, or a message breaks the limits; the only exception that <see cref="PayloadCodec"/> throws about content.</summary>
public sealed class PayloadException : Exception
{
    /// <summary>A malformed message.</summary>
    public PayloadException()
        : this("The payload is malformed.")
    {
    }

    /// <summary>A malformed message.</summary>
    /// <param name="message">What is wrong with it, and what is allowed.</param>
    public PayloadException(string message)
        : base(message)
    {
    }

    /// <summary>A malformed message with its cause.</summary>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The cause.</param>
    public PayloadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
