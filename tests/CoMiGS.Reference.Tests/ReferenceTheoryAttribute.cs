using Xunit.Sdk;

namespace CoMiGS.Reference.Tests;

/// <summary>A theory over the cases of the folder. A folder that COMIGS_REFERENCE names need not have cases of every kind; the kinds it lacks are skipped and say so.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CoMiGS.Reference.Tests.ReferenceTheoryDiscoverer", "CoMiGS.Reference.Tests")]
public sealed class ReferenceTheoryAttribute : TheoryAttribute;
