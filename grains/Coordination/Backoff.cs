using System.Runtime.CompilerServices;
using Polly;
using Polly.Retry;

namespace Sweep.Grains.Coordination;

/// <summary>
/// Retries what may be away for a while, for as long as it takes: after waits that double from the first to the longest, with jitter, so that
/// silos don't keep step. Each call starts from the first wait. Thread-safe.
/// </summary>
public sealed class Backoff(TimeProvider time, TimeSpan first, TimeSpan longest)
{
    /// <summary>The longest wait after a failure that is known to pass soon (<see cref="StoreException.IsBrief"/>).</summary>
    public TimeSpan? Brief { get; init; }

    /// <param name="call">What is tried.</param>
    /// <param name="passes">Whether a failure is one that passes; any other is the caller's.</param>
    /// <param name="waits">Told of each failure and of the wait that follows it.</param>
    /// <param name="cancellationToken">Ends the waiting; the last failure is then not told.</param>
    /// <exception cref="OperationCanceledException">Cancelled, be it while a failing call ran.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<Exception, bool> passes, Action<Exception, TimeSpan> waits, CancellationToken cancellationToken)
    {
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = first,
            MaxDelay = longest,
            DelayGenerator = tried => ValueTask.FromResult(tried.Outcome.Exception is StoreException { IsBrief: true } ? Briefly(tried.AttemptNumber) : null),
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception is { } failure && passes(failure)),
            OnRetry = tried =>
            {
                waits(tried.Outcome.Exception!, tried.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();
        try
        {
            return await pipeline.ExecuteAsync(async cancel => await call(cancel).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is not OperationCanceledException && passes(failure))
        {
            throw new OperationCanceledException(failure.Message, failure, cancellationToken);
        }
    }

    private TimeSpan? Briefly(int attempt) => Brief is { } brief && brief < first * Math.Pow(2, Math.Min(attempt, 20)) ? brief * Jitter(attempt) : null;

    /// <summary>0.75 to 1.25, another each time and in each process, whose hashes differ.</summary>
    private double Jitter(int attempt) => 0.75 + (0.5 * ((uint)HashCode.Combine(RuntimeHelpers.GetHashCode(this), attempt) / (double)uint.MaxValue));
}
