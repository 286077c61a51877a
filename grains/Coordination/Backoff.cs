using System.Runtime.ExceptionServices;
using Polly;
using Polly.Retry;

namespace Sweep.Grains.Coordination;

/// <summary>
/// Retries what may be away for a while, for as long as it takes: after waits that double from the first to the longest, with jitter, so that
/// silos don't keep step. Each call starts from the first wait. Goes on where it was called (the captured context). Thread-safe.
/// </summary>
public sealed class Backoff(TimeProvider time, TimeSpan first, TimeSpan longest)
{
    /// <summary>The longest wait after a failure that is known to pass soon (<see cref="StoreException.IsBrief"/>).</summary>
    public TimeSpan? Brief { get; init; }

    /// <summary>Whose waits they are; by default nobody's.</summary>
    public Jitter? Jitter { get; init; }

    /// <param name="call">What is tried.</param>
    /// <param name="passes">Whether a failure is one that passes; any other is the caller's.</param>
    /// <param name="waits">Told of each failure and of the wait that follows it.</param>
    /// <param name="cancellationToken">Ends the waiting; the last failure is then not told.</param>
    /// <exception cref="OperationCanceledException">Cancelled, be it while a failing call ran.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<Exception, bool> passes, Action<Exception, TimeSpan> waits, CancellationToken cancellationToken)
    {
        // Nearly always that is all: what retries is made when something has failed.
        cancellationToken.ThrowIfCancellationRequested();
        Exception? failed;
        try
        {
            return await call(cancellationToken);
        }
        catch (Exception failure) when (passes(failure))
        {
            if (cancellationToken.IsCancellationRequested && failure is not OperationCanceledException)
                throw new OperationCanceledException(failure.Message, failure, cancellationToken);
            failed = failure;
        }

        Jitter jitter = Jitter ?? Jitter.OfNobody();
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = jitter.Uniform,
            Delay = first,
            MaxDelay = longest,
            DelayGenerator = tried => ValueTask.FromResult(
                tried.Outcome.Exception is StoreException { IsBrief: true } ? Briefly(tried.AttemptNumber, jitter) : null),
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception is { } failure && passes(failure)),
            OnRetry = tried =>
            {
                waits(tried.Outcome.Exception!, tried.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        try
        {
            return await pipeline.ExecuteAsync(
                async its =>
                {
                    if (Interlocked.Exchange(ref failed, null) is { } before)
                        ExceptionDispatchInfo.Throw(before);
                    return await call(its.CancellationToken);
                },
                context);
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is not OperationCanceledException && passes(failure))
        {
            throw new OperationCanceledException(failure.Message, failure, cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan? Briefly(int attempt, Jitter jitter) =>
        Brief is { } brief && brief < first * Math.Pow(2, Math.Min(attempt, 20)) ? brief * jitter.Factor() : null;
}
