using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>How the page names and colours the methods: one colour each, the same in every picture.</summary>
internal static class MethodLegend
{
    /// <summary>The class that carries the method's colour.</summary>
    public static string ClassOf(MethodKind kind) => kind switch
    {
        MethodKind.Local => "m-local",
        MethodKind.FedAvg => "m-fedavg",
        _ => "m-comigs",
    };

    /// <summary>What a device shares under the method.</summary>
    public static string Shares(MethodKind kind) => kind switch
    {
        MethodKind.Local => "shares nothing",
        MethodKind.FedAvg => "shares everything",
        _ => "shares generalists",
    };

    /// <summary>The legend, on a line.</summary>
    public static string Of(DemoResult result, string extra = "") =>
        $"""<p class="legend">{string.Concat(result.Methods.Select(method => $"""<span class="{ClassOf(method.Kind)}"><i></i>{Html.Escape(method.Name)}</span>"""))}{extra}</p>""";
}
