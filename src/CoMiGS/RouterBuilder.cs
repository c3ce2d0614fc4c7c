using CoMiGS.Layers;

namespace CoMiGS;

/// <summary>Says how the experts of a device are combined.</summary>
public sealed class RouterBuilder
{
    private readonly Action<Action<ExpertOptions>> _configure;

    internal RouterBuilder(Action<Action<ExpertOptions>> configure) => _configure = configure;

    /// <summary>A learnt router that gives every token to its best <paramref name="experts"/> experts. Default: 2.</summary>
    public RouterBuilder TopK(int experts) => With(o => (o.Router, o.TopK) = (RouterKind.TopK, experts));

    /// <summary>No router: the plain mean of all experts.</summary>
    public RouterBuilder Mean() => With(o => (o.Router, o.TopK) = (RouterKind.Mean, null));

    /// <summary>A router that compares every token with what each expert's down projection makes of it, and gives it to its best <paramref name="experts"/>; see <see cref="DeviceBuilder.UseFedAmole"/>.</summary>
    public RouterBuilder EmbeddingTopK(int experts) => With(o => (o.Router, o.TopK) = (RouterKind.Embedding, experts));

    /// <inheritdoc cref="ExpertOptions.RouterBias"/>
    public RouterBuilder Bias() => With(o => o.RouterBias = true);

    /// <summary>Weight of the load-balancing loss. Default: 0.01.</summary>
    public RouterBuilder LoadBalance(double weight) => With(o => o.LoadBalance = weight);

    /// <summary>Share of the tokens the balance loss wants the generalists to get. Default: 0.5.</summary>
    public RouterBuilder GeneralistShare(double share) => With(o => o.GeneralistShare = share);

    private RouterBuilder With(Action<ExpertOptions> change)
    {
        _configure(change);
        return this;
    }
}
