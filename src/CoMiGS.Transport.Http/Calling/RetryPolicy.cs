using System.Security.Cryptography;
using Polly;
using Polly.Retry;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>Repeats what did not get through: in the coordinator's window if it gave one, else ever later, with jitter.</summary>
internal static class RetryPolicy
{
    public static ResiliencePipeline Of(HttpDeviceOptions options, TimeProvider time)
    {
        if (options.Retries == 0)
        {
            return ResiliencePipeline.Empty;
        }

        var random = new Random(options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        var draw = new Lock();
        return new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.FirstRetry,
            MaxDelay = options.LongestRetry,
            UseJitter = true,
            Randomizer = Draw,
            ShouldHandle = new PredicateBuilder().Handle<BrokenAnswerException>(broken => !broken.IsLost),
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception is BrokenAnswerException { Window: { } window } ? Within(window) : (TimeSpan?)null),
        }).Build();

        TimeSpan? Within(RetryWindow window) => window.MinDelay + ((window.MaxDelay - window.MinDelay) * Draw());

        double Draw()
        {
            lock (draw)
            {
                return random.NextDouble();
            }
        }
    }
}
