using Xunit.Abstractions;
using Xunit.Sdk;

namespace CoMiGS.Reference.Tests;

/// <summary>Finds the cases of a <see cref="ReferenceTheoryAttribute"/>.</summary>
public sealed class ReferenceTheoryDiscoverer(IMessageSink diagnosticMessageSink) : TheoryDiscoverer(diagnosticMessageSink)
{
    /// <inheritdoc/>
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute)
    {
        var found = base.Discover(discoveryOptions, testMethod, theoryAttribute).ToList();
        return ReferenceFolder.IsForeign && found is [ExecutionErrorTestCase { ErrorMessage: var error }] && error.StartsWith("No data found", StringComparison.Ordinal)
            ? [new XunitSkippedDataRowTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, "The folder has no case of this kind.")]
            : found;
    }
}
