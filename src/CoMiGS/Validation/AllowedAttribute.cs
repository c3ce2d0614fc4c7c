using System.ComponentModel.DataAnnotations;

namespace CoMiGS.Validation;

/// <summary>The range of numbers an option may have; its message names the option, the value got and what to do.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedAttribute : ValidationAttribute
{
    /// <summary>Allows <paramref name="minimum"/> to <paramref name="maximum"/>, both included.</summary>
    /// <param name="minimum">The smallest value allowed.</param>
    /// <param name="maximum">The largest value allowed; positive infinity for none.</param>
    public AllowedAttribute(double minimum, double maximum = double.PositiveInfinity)
    {
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The smallest value allowed.</summary>
    public double Minimum { get; }

    /// <summary>The largest value allowed.</summary>
    public double Maximum { get; }

    /// <summary>Whether <see cref="Minimum"/> itself is refused.</summary>
    /// <value>Default: false.</value>
    public bool ExclusiveMinimum { get; init; }

    /// <summary>Whether <see cref="Maximum"/> itself is refused.</summary>
    /// <value>Default: false.</value>
    public bool ExclusiveMaximum { get; init; }

    /// <summary>A sentence that says what to do.</summary>
    public string Advice { get; init; } = "";

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null)
        {
            return ValidationResult.Success;
        }

        var number = value is TimeSpan time ? time.TotalSeconds : Convert.ToDouble(value);
        var allowed = (ExclusiveMinimum ? number > Minimum : number >= Minimum) && (ExclusiveMaximum ? number < Maximum : number <= Maximum) && !double.IsInfinity(number);
        return allowed
            ? ValidationResult.Success
            : new ValidationResult($"{validationContext.MemberName} is {value}. Use {Range()}.{(Advice.Length > 0 ? " " + Advice : "")}");
    }

    private string Range()
    {
        var from = ExclusiveMinimum ? $"a number above {Minimum}" : $"{Minimum}";
        return double.IsInfinity(Maximum)
            ? $"{from}{(ExclusiveMinimum ? "" : " or more")}"
            : $"{from}{(ExclusiveMinimum ? " and" : "")} {(ExclusiveMaximum ? "up to, not including," : "to")} {Maximum}";
    }
}
