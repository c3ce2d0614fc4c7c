namespace CoMiGS.Demo;

/// <summary>Something that the person at the keyboard can put right: shown as one message, without a stack trace.</summary>
public sealed class DemoException : Exception
{
    /// <summary>An error with an empty message.</summary>
    public DemoException()
    {
    }

    /// <summary>What is wrong, with which value, and what to do.</summary>
    public DemoException(string message)
        : base(message)
    {
    }

    /// <summary>The same, keeping the cause.</summary>
    public DemoException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
