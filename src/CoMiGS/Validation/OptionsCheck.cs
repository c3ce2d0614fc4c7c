using System.ComponentModel.DataAnnotations;

namespace CoMiGS.Validation;

/// <summary>Finds everything that is wrong with a set of options at once.</summary>
public static class OptionsCheck
{
    /// <summary>All broken rules: data annotations first, then rules over several options.</summary>
    /// <param name="options">The options to check.</param>
    public static IReadOnlyList<string> Violations(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var crossField = options is ICheckedOptions self ? self.CrossFieldViolations() : [];
        return [.. results.Select(r => r.ErrorMessage ?? "A rule without a message is broken."), .. crossField];
    }

    /// <summary>Refuses invalid options.</summary>
    /// <param name="options">The options to check.</param>
    /// <param name="parameter">Name of the caller's parameter.</param>
    /// <exception cref="ArgumentException">At least one rule is broken; the message lists all of them.</exception>
    public static void ThrowIfInvalid(object options, string parameter)
    {
        ArgumentNullException.ThrowIfNull(options, parameter);
        var violations = Violations(options);
        if (violations.Count > 0)
        {
            throw new ArgumentException($"{options.GetType().Name} cannot be used:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", violations)}", parameter);
        }
    }
}
