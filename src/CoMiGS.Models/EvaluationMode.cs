using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Keeps a model evaluating while anybody generates with it: the first who comes switches training off, the last who leaves switches it on again if it was on.</summary>
internal sealed class EvaluationMode
{
    private readonly Lock _lock = new();
    private readonly nn.Module _model;
    private int _users;
    private bool _alone;
    private bool _wasTraining;

    public EvaluationMode(nn.Module model) => _model = model;

    /// <summary>Starts using the model.</summary>
    /// <param name="alone">Whether nobody else may use it meanwhile.</param>
    /// <returns>Ends it.</returns>
    /// <exception cref="InvalidOperationException">Somebody else uses the model, and one of the two wants to be alone.</exception>
    public IDisposable Enter(bool alone)
    {
        lock (_lock)
        {
            if (_users > 0 && (alone || _alone))
            {
                throw new InvalidOperationException(
                    $"{(_alone ? "A generation" : "Another generation")} with this model is under way{(_alone ? " and traces the routing" : "")}, and tokens of two generations would be mixed up in a trace. Wait for its end, or generate both without TraceRouting.");
            }

            if (_users++ == 0)
            {
                _wasTraining = _model.training;
                _alone = alone;
                if (_wasTraining)
                {
                    _model.eval();
                }
            }

            return new Use(this);
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0)
            {
                _alone = false;
                if (_wasTraining)
                {
                    _model.train();
                }
            }
        }
    }

    private sealed class Use : IDisposable
    {
        private EvaluationMode? _mode;

        public Use(EvaluationMode mode) => _mode = mode;

        public void Dispose() => Interlocked.Exchange(ref _mode, null)?.Leave();
    }
}
