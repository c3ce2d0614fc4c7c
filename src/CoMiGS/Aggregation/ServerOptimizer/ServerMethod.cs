namespace CoMiGS.Aggregation.ServerOptimizer;

/// <summary>How the coordinator goes from where it is towards the mean.</summary>
public enum ServerMethod
{
    /// <summary>FedAvgM: <c>m = beta1 m + delta; theta += eta m</c>, or looking ahead (<see cref="ServerOptimizerOptions.Nesterov"/>) (Hsu et al. 2019, arXiv 1909.06335).</summary>
    Momentum,

    /// <summary>FedAdam: <c>m = beta1 m + (1 - beta1) delta; v = beta2 v + (1 - beta2) delta^2; theta += eta m / (sqrt v + tau)</c> (Reddi et al. 2021, arXiv 2003.00295, algorithm 2).</summary>
    Adam,

    /// <summary>FedYogi: as FedAdam, with <c>v = v - (1 - beta2) delta^2 sign(v - delta^2)</c>, which forgets a large v slowly.</summary>
    Yogi,
}
