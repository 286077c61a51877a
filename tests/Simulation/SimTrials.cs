using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Silo;
using Sweep.Silo.Preparation;

namespace Sweep.Tests.Simulation;

/// <summary>
/// The trials of one silo: take their time, and complete, fail, devour the memory, hang, return what can't be stored, or kill the process. The result of a
/// trial is a function of its id, as the real one's is. Also the slots on which the worker runs them, and who is told of it.
/// </summary>
internal sealed class SimTrials(SimSilo silo, SimWorld world) : ITrialRunner, ISlots, ISiloObserver
{
    public Task Start(Func<Task> work) => work();

    public Task<T> WaitAsync<T>(Task<T> something) => something;

    public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken) => throw new NotSupportedException("trials wait without a thread");

    public void Forget(Lease lease)
    {
    }

    public async Task<TrialResult> RunAsync(ITrialRunner runner, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        Lease lease = attempt.Lease;
        silo.Process.Say($"runs {lease.Trial.Id} attempt {lease.Attempt}");
        world.Leases.Begin(silo, lease, world.Database.Restored);
        try
        {
            int steps = 1 + world.Random.Next(world.MaxTrialSteps);
            int fateful = world.Random.Next(steps);
            Fate fate = world.FateOf(lease.Trial.Id);
            for (int step = 0; step < steps; step++)
            {
                attempt.Report(AttemptPhase.Train, (double)step / steps);
                await Task.Delay(world.Random.Span(0.05, 4), silo.Process.Time, cancellationToken);
                if (step == fateful)
                    await MeetAsync(fate, lease, cancellationToken);
            }

            return Result(fate == Fate.Lies ? double.NaN : Value(lease.Trial.Id));
        }
        finally
        {
            world.Leases.End(lease);
        }
    }

    public void Started(AttemptProgress attempt)
    {
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        Lease lease = attempt.Lease;
        silo.Process.Say($"ends {lease.Trial.Id} attempt {lease.Attempt}: {outcome}");
        if (outcome == AttemptOutcome.Lost && message?.Contains("refused", StringComparison.Ordinal) == true)
            CheckRefusal(lease);
        if (outcome == AttemptOutcome.Completed && !world.Database.History.HasCompleted(lease) && !world.MayHaveGone)
            world.Violate($"silo {silo.Name} was told that attempt {lease.Attempt} of {lease.Trial.Id} is complete, and it was never committed");
    }

    /// <summary>The very report that ended an attempt, repeated since its answer was lost, is accepted.</summary>
    private void CheckRefusal(Lease lease)
    {
        if (world.Database.History.Ended(lease) == AttemptOutcome.Completed)
            world.Violate($"silo {silo.Name} was refused the result of attempt {lease.Attempt} of {lease.Trial.Id}, which had been accepted");
    }

    public void Warning(string message) => silo.Process.Say($"warns: {message}");

    public void StoreUnreachable(string message, TimeSpan retryIn)
    {
    }

    /// <summary>A trial's one true result.</summary>
    public static double Value(string trialId) => long.Parse(trialId.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 1e6;

    private async Task MeetAsync(Fate fate, Lease lease, CancellationToken cancellationToken)
    {
        switch (fate)
        {
            case Fate.Fails:
                throw new TrialFailedException("simulated: it diverged") { MustRepeat = false };
            case Fate.MustFail:
                throw new TrialFailedException("simulated: its data can't be preprocessed") { MustRepeat = true };
            case Fate.Devours:
                throw new InsufficientMemoryException("simulated");
            case Fate.Hangs:
                silo.Process.Say($"{lease.Trial.Id} hangs");
                await new TaskCompletionSource().Task;
                break;
            case Fate.Stalls:
                await Task.Delay(Timeout.InfiniteTimeSpan, silo.Process.Time, cancellationToken);
                break;
            case Fate.Kills:
                world.Kill(silo, $"{lease.Trial.Id} kills it");
                await new TaskCompletionSource().Task;
                break;
            case Fate.Breaks:
                throw new InvalidOperationException("simulated: a defect");
            case Fate.Lies or Fate.Completes:
                break;
        }
    }

    private static TrialResult Result(double value) => new()
    {
        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["log_likelihood"] = new(value, 0.5) },
        Curves = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["log_likelihood"] = [1, (float)(double.IsNaN(value) ? 0 : value)] },
        Device = "cpu",
        Notes = [],
    };
}

/// <summary>How an attempt ends.</summary>
internal enum Fate
{
    Completes,
    Fails,
    MustFail,
    Devours,

    /// <summary>Whatever is done about it.</summary>
    Hangs,

    /// <summary>Until it is stopped.</summary>
    Stalls,
    Kills,
    Breaks,
    Lies,
}
