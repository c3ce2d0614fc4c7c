using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Events;

/// <summary>A method is trained and measured.</summary>
/// <param name="Method">The method.</param>
/// <param name="Mean">Mean test perplexity over the devices.</param>
public sealed record MethodDone(MethodKind Method, double Mean) : DemoEvent;
