namespace CoMiGS.Models.HuggingFace;

/// <summary>Rotary positions in a configuration: <c>rope_theta</c> with <c>rope_scaling</c>, or all of it in <c>rope_parameters</c>.</summary>
internal static class RopeConfig
{
    private const string Scaling = "rope_scaling";
    private const string Parameters = "rope_parameters";
    private const string ThetaField = "rope_theta";
    private const double UsualTheta = 10000;

    /// <summary>Base and scaling of the frequencies.</summary>
    public static (double Theta, RopeScaling? Scaling) Read(ConfigFile config)
    {
        var (older, newer) = (config.Section(Scaling), config.Section(Parameters));
        var (olderScaling, newerScaling) = (Stretch(config, older), Stretch(config, newer));
        var bases = new[] { newer, older, config }.Where(s => s?.Has(ThetaField) == true).Select(s => s!.Number(ThetaField)).Distinct().ToList();
        if (bases.Count > 1)
        {
            config.Complain($"'{ThetaField}' is given more than once, as {string.Join(" and ", bases)}. Keep one of them.");
        }

        if (older is not null && newer is not null && olderScaling != newerScaling)
        {
            config.Complain($"'{Scaling}' and '{Parameters}' describe different scalings. Keep one of them.");
        }

        foreach (var section in new[] { config, older, newer }.OfType<ConfigFile>().Where(s => s.Number("partial_rotary_factor", 1) != 1))
        {
            section.Refuse("partial_rotary_factor", "1: every dimension of a head is turned");
        }

        return (bases.FirstOrDefault(UsualTheta), newer is null ? olderScaling : newerScaling);
    }

    private static RopeScaling? Stretch(ConfigFile config, ConfigFile? section)
    {
        if (section is null)
        {
            return null;
        }

        var field = section.Has("rope_type") ? "rope_type" : "type";
        switch (section.Text(field) ?? "default")
        {
            case "default":
                return null;
            case "linear":
                return new LinearRopeScaling(section.Number("factor"));
            case "llama3":
                const string window = "original_max_position_embeddings";
                return new Llama3RopeScaling(
                    section.Number("factor"), section.Number("low_freq_factor"), section.Number("high_freq_factor"), section.Count(window, config.CountOrNull(window)));
            default:
                section.Refuse(field, "default, linear or llama3; other scalings of RoPE are not built here");
                return null;
        }
    }
}
