namespace CoMiGS.Routing;

/// <summary>What the balance loss takes for the logit of an expert that a token did not select.</summary>
public enum UnselectedLogits
{
    /// <summary>-infinity: an unselected expert gets no mass.</summary>
    Masked,

    /// <summary>0, as in the paper's released code, where an unselected expert gets the mass exp(0) (docs/fidelity.md, D4); for comparisons only.</summary>
    Zero,
}
