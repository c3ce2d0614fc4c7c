using Microsoft.Extensions.Options;

namespace CoMiGS.Validation;

/// <summary>Lets the options framework list everything that is wrong with one set of options.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
internal sealed class CheckedOptionsValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly string? _name;

    /// <param name="name">The set of options this validates.</param>
    public CheckedOptionsValidator(string? name) => _name = name;

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if (name != _name)
        {
            return ValidateOptionsResult.Skip;
        }

        var violations = OptionsCheck.Violations(options);
        return violations.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(violations);
    }
}
