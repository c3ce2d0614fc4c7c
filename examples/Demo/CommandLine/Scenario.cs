namespace CoMiGS.Demo.CommandLine;

/// <summary>Whose text the devices hold.</summary>
public enum Scenario
{
    /// <summary>One language, four products.</summary>
    Colleagues,

    /// <summary>Four languages.</summary>
    Languages,
}
