using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>Calls of several sweeps' grains, of which one that can't be reached doesn't hold up the others: its silo may have died a moment ago, and calls
/// wait until that is known.</summary>
/// <param name="sweep">The grain of a sweep's id.</param>
internal sealed class SweepCalls(Func<string, ISweepGrain> sweep, TimeProvider time)
{
    /// <summary>A grain that is up answers within milliseconds; one that comes up reads its queue first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private const int MaxTries = 30;

    /// <summary>Carries out what operators asked for and ends the attempts whose lease has expired, as far as the grains answer: what is left is found
    /// again.</summary>
    public Task CatchUpAsync(IEnumerable<string> sweeps) => SettleAsync([.. sweeps.Select(async id => await sweep(id).CatchUpAsync())]);

    /// <summary>What a silo gets of several sweeps, as far as they answer.</summary>
    /// <exception cref="EngineException">None had anything, and not all answered.</exception>
    public async Task<WireLease[]> TakeAsync(string[] sweeps, WireTake take)
    {
        Task<(string Sweep, WireHead Head)>[] asked = [.. sweeps.Select(async id => (id, await sweep(id).HeadAsync(take)))];
        await SettleAsync(asked, forOne: true);
        ((string Sweep, WireHead Head)[] heads, Exception? failure) = Answers(asked);
        List<(int Head, WireCandidate Trial)> next = SweepTurns.Next(
            [.. heads.Select(h => new SweepHead<WireCandidate>(
                h.Head.Candidates.FirstOrDefault()?.Sweep ?? 0, h.Head.Running, h.Head.Priority, [.. h.Head.Candidates.Select(c => (c, c.Cost, c.Suspect))]))],
            take.MaxTrials,
            take.HoldsSuspect || Array.Exists(heads, h => h.Head.HoldsSuspect));

        // What one gives counts though another fails: it is leased already. So here nobody's patience ends before the call's own.
        Task<WireLease[]>[] takes = [.. next.GroupBy(n => n.Head)
            .Select(async g => await sweep(heads[g.Key].Sweep).TakeAsync(take with { Trials = [.. g.Select(n => n.Trial.TrialId)] }))];
        await Task.WhenAll((IEnumerable<Task>)takes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (WireLease[][] taken, Exception? refused) = Answers(takes);
        Dictionary<(string, string), int> place = next.Select((n, i) => (Key: (heads[n.Head].Sweep, n.Trial.TrialId), i)).ToDictionary(n => n.Key, n => n.i);
        WireLease[] leases = [.. taken.SelectMany(t => t).OrderBy(l => place.GetValueOrDefault((l.SweepId, l.TrialId), int.MaxValue))];
        return leases.Length == 0 && (refused ?? failure) is { } cause ? throw EngineException.Of(cause) : leases;
    }

    /// <summary>The silos' leases run out now, in each of their sweeps.</summary>
    /// <exception cref="EngineException">Not in every one.</exception>
    public async Task RevokeAsync(IEnumerable<IGrouping<string, long>> silosBySweep)
    {
        Task<bool>[] asked = [.. silosBySweep.Select(async silos =>
        {
            await sweep(silos.Key).RevokeAsync([.. silos]);
            return true;
        })];
        await SettleAsync(asked);
        if (Answers(asked).Failure is { } failure)
            throw EngineException.Of(failure);
    }

    /// <summary>The store has been changed under these sweeps. Returns when those that can be reached know of it; the others learn of it later, or read
    /// the store when they come up. Never throws.</summary>
    public Task TellChangedAsync(IEnumerable<string> sweeps) => Task.WhenAll(sweeps.Select(async id =>
    {
        try
        {
            await sweep(id).ChangedAsync().WaitAsync(Patience, time);
        }
        catch (Exception)
        {
            _ = TellLaterAsync(id);
        }
    }));

    private async Task TellLaterAsync(string id)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            await Task.Delay(Again, time);
            try
            {
                await sweep(id).ChangedAsync();
                return;
            }
            catch (Exception)
            {
                // Any exception: it says nothing about the change, which is committed.
            }
        }
    }

    /// <summary>Waits until all have ended, or for as long as that is worth it.</summary>
    /// <param name="forOne">However long it takes, until one has answered: the store may be slow for all of them.</param>
    public async Task SettleAsync(IReadOnlyList<Task> calls, bool forOne = false)
    {
        Task all = Task.WhenAll(calls);
        List<Task> left = [.. calls];
        while (forOne && left.Count > 0 && await Task.WhenAny(left) is { IsCompletedSuccessfully: false } failed)
            left.Remove(failed);
        await Task.WhenAny(all, Task.Delay(Patience, time));
        all.Forget();
    }

    /// <summary>The answers that have come, in the order of the calls, and one of the failures, if any.</summary>
    private static (T[] Answers, Exception? Failure) Answers<T>(Task<T>[] calls) => (
        [.. calls.Where(c => c.IsCompletedSuccessfully).Select(c => c.Result)],
        calls.Where(c => !c.IsCompletedSuccessfully).Select(c => c.Exception?.InnerException ?? new TimeoutException("a sweep's grain does not answer"))
            .FirstOrDefault());
}
