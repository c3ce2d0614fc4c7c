namespace CoMiGS.Validation;

/// <summary>Options with rules that no single property can state.</summary>
public interface ICheckedOptions
{
    /// <summary>Every rule over several options that is broken, as sentences; empty when all hold.</summary>
    IEnumerable<string> CrossFieldViolations();
}
