using CoMiGS.Demo.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>A checked configuration: methods x data sets x seeds, with one budget.</summary>
/// <param name="Title">The heading of the report.</param>
/// <param name="Data">The data sets.</param>
/// <param name="Methods">The methods, in the order of the tables.</param>
/// <param name="Reference">The method that the others are tested against.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Budget">What every device may spend.</param>
/// <param name="Base">Size and training of the base model.</param>
/// <param name="BaseText">A file to train it on; null for the English messages of the installed SDK.</param>
public sealed record Experiment(
    string Title,
    IReadOnlyList<DataSpec> Data,
    IReadOnlyList<MethodSpec> Methods,
    string Reference,
    IReadOnlyList<int> Seeds,
    BudgetSpec Budget,
    BaseModelSettings Base,
    string? BaseText);
