using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>
/// What the dispatcher does. Has a pump, as <see cref="SweepShell"/> has: requests that arrive together look at the store together. Not thread-safe: whoever
/// hosts it runs it one piece at a time, its continuations too.
/// </summary>
/// <param name="sweep">A sweep's grain, by id.</param>
internal sealed class DispatchShell(SqlStore store, CoordinatorOptions options, Func<string, ISweepGrain> sweep, TimeProvider time)
{
    private readonly SweepCalls _sweeps = new(sweep, time);
    private List<Request> _waiting = [];
    private bool _pumping;

    public async Task<WireLease[]> LeaseAsync(WireLeaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = new Request(request);
        _waiting.Add(asked);
        if (!_pumping)
        {
            _pumping = true;
            _ = PumpAsync();
        }

        return await asked.Done.Task;
    }

    /// <summary>A silo without trials lives.</summary>
    public async Task SeenAsync(string silo)
    {
        try
        {
            await store.WriteAsync(
                durable: false,
                async work =>
                {
                    Silos.Seen(work, await Silos.FindAsync(work, silo, 0));
                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception e) when (e is not EngineException)
        {
            throw EngineException.OfStore(e);
        }
    }

    public async Task DeclaredDeadAsync(string[] dead, string[] living)
    {
        ArgumentNullException.ThrowIfNull(dead);
        List<HeldLease> held;
        try
        {
            held = await store.WriteAsync(durable: false, DispatchRows.HeldAsync, CancellationToken.None);
        }
        catch (Exception e) when (e is not EngineException)
        {
            throw EngineException.OfStore(e);
        }

        await _sweeps.RevokeAsync(held.Where(h => DeadSilos.IsDead(h.Silo, dead, living)).GroupBy(h => h.Sweep, h => h.Key, StringComparer.Ordinal));
    }

    public async Task CatchUpAsync()
    {
        try
        {
            await CatchUpAsync(
                await store.ReadAsync(DispatchRows.AskedAsync, CancellationToken.None), sweeps => Task.WhenAll(sweeps.Select(id => sweep(id).CatchUpAsync())));
        }
        catch (Exception e) when (e is not EngineException)
        {
            throw EngineException.OfStore(e);
        }
    }

    /// <param name="behind">See <see cref="Situation"/>.</param>
    /// <param name="sweeps">Has these sweeps catch up.</param>
    private async Task CatchUpAsync(IReadOnlyList<string?> behind, Func<IEnumerable<string>, Task> sweeps)
    {
        if (behind.Contains(null))
            await store.WriteAsync(durable: true, work => RequestRows.CarryOutAsync(work, sweep: null, options), CancellationToken.None);
        await sweeps(behind.OfType<string>());
    }

    private async Task PumpAsync()
    {
        await Task.Yield();
        while (_waiting.Count > 0)
        {
            List<Request> batch = _waiting;
            _waiting = [];
            try
            {
                await LeaseAsync(batch);
            }
            catch (Exception e)
            {
                EngineException told = EngineException.OfStore(e);
                batch.ForEach(r => r.Done.TrySetException(told));
            }
        }

        _pumping = false;
    }

    private async Task LeaseAsync(List<Request> batch)
    {
        Situation now = await LookAsync(batch);
        if (now.Behind.Count > 0)
        {
            await CatchUpAsync(now.Behind, _sweeps.CatchUpAsync);
            now = await LookAsync(batch);
        }

        List<Task> several = [];
        foreach (Request request in batch)
        {
            SiloState silo = now.Silos[request.Wanted.Silo];
            string[] sweeps = [.. now.Open.Where(s => request.Wanted.SweepId is null || request.Wanted.SweepId == s)];
            if (silo.Quarantined is not null || request.Wanted.MaxTrials <= 0 || sweeps.Length == 0)
            {
                request.Done.TrySetResult([]);
                continue;
            }

            var take = new WireTake
            {
                Silo = silo.Silo,
                MaxTrials = request.Wanted.MaxTrials,
                FailedSince = silo.HasOthers ? now.Now - (long)options.RetryElsewhereFor.TotalMilliseconds : long.MaxValue,
                HoldsSuspect = silo.HoldsSuspect,
                Offers = request.Wanted.Offers,
            };

            // One sweep's grain chooses by itself, for many silos at once; between sweeps the choice is made here, for one after the other.
            if (sweeps.Length == 1)
                several.Add(AnswerAsync(request, sweep(sweeps[0]).TakeAsync(take)));
            else
                await AnswerAsync(request, _sweeps.TakeAsync(sweeps, take));
        }

        await _sweeps.SettleAsync(several);
    }

    private static async Task AnswerAsync(Request request, Task<WireLease[]> leases)
    {
        try
        {
            request.Done.TrySetResult(await leases);
        }
        catch (Exception e)
        {
            // Any exception fails this request alone.
            request.Done.TrySetException(EngineException.OfStore(e));
        }
    }

    private Task<Situation> LookAsync(List<Request> batch) => store.WriteAsync(
        durable: false, work => DispatchRows.LookAsync(work, [.. batch.Select(r => r.Wanted)], options), CancellationToken.None);

    private sealed class Request(WireLeaseRequest wanted)
    {
        public WireLeaseRequest Wanted => wanted;

        public TaskCompletionSource<WireLease[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
