namespace CoMiGS.Parameters;

/// <summary>A module that itself says which of its parameters are trained, and what each is for.</summary>
/// <remarks>Freezing, sharing and saving are generic from here: nothing matches names.</remarks>
public interface IAdapted
{
    /// <summary>The trainable parameters, in a fixed order, named relative to this module.</summary>
    /// <remarks>Enumerate again after <c>module.to(...)</c>, which replaces the tensors.</remarks>
    IEnumerable<NamedParameter> AdapterParameters { get; }
}
