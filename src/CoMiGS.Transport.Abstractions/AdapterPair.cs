namespace CoMiGS.Transport;

/// <summary>Two tensors that are the factors of one low-rank update, <c>s B A</c>: what an aggregation must know of them and cannot see.</summary>
/// <param name="A">Name of the down projection, (r, in). It need not be shared: a device may share one factor alone.</param>
/// <param name="B">Name of the up projection, (out, r). It need not be shared.</param>
/// <param name="Scale">The effective scale s, for example <c>alpha / r</c> or <c>alpha / sqrt(r)</c>; positive. The rank is the shapes' business.</param>
public sealed record AdapterPair(string A, string B, double Scale);
