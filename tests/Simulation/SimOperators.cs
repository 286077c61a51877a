using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>
/// Operators at a command line that reaches the store: they launch sweeps, ask for all that can be asked, and in the end see to it that everything is done.
/// </summary>
internal sealed class SimOperators(SimWorld world)
{
    private readonly SimProcess _process = world.NewProcess("ops");
    private readonly List<Task> _others = [];
    private SimSweeps? _store;
    private int _requests;

    /// <summary>All that should be there is there, and nothing is left to do.</summary>
    public bool AreDone { get; private set; }

    private SimSweeps Store => _store ??= NewStore();

    public void Start()
    {
        foreach (SimSweep sweep in world.Sweeps)
            _process.Do(() => Also(LaunchAsync(sweep, world.Random.Next(2) == 0 ? world.Random.Span(0, 60) : TimeSpan.Zero)));
        _process.Do(() => Also(MeddleAsync()));
    }

    /// <summary>From now on everything is to end as in an undisturbed run.</summary>
    public void Finish() => _process.Do(FinishAsync);

    private Task Also(Task part)
    {
        _others.Add(part);
        return part;
    }

    private SimSweeps NewStore()
    {
        SimStore way = new(world.Database, _process, world.Faults, world.Random);
        world.Database.Add(way);
        return new SimSweeps(way, world.Limits);
    }

    private async Task LaunchAsync(SimSweep sweep, TimeSpan after)
    {
        await _process.Delay(after);
        while (!await TryAsync($"launch {sweep.Versions[0].Spec.Name}", () => SubmitAsync(sweep.Versions[0])))
            await _process.Delay(TimeSpan.FromSeconds(1));
    }

    private async Task MeddleAsync()
    {
        while (world.Faults.On)
        {
            await _process.Delay(world.Random.Span(1, 20));
            if (world.Faults.Strikes(world.Faults.Operate))
                await MeddleAsync(world.Random.Pick(world.Sweeps));
        }
    }

    private async Task MeddleAsync(SimSweep sweep)
    {
        SimHistory.Trial[] trials = [.. world.Database.History.Trials.Where(t => t.Name == sweep.Last.Spec.Name)];
        if (trials.Length == 0)
            return;
        string id = trials[0].SweepId;
        string[] some = [.. trials.Where(_ => world.Random.Next(3) == 0).Select(t => t.Id)];
        OperatorRequest? request = world.Random.Next(10) switch
        {
            0 => OperatorRequest.Pause(id),
            1 or 2 => OperatorRequest.Resume(id),
            3 => OperatorRequest.Cancel(id, world.Random.Next(2) == 0 ? null : some),
            4 or 5 => OperatorRequest.Retry(id, world.Random.Next(2) == 0 ? null : some),
            6 => OperatorRequest.Discard(id, some),
            7 => OperatorRequest.Delete(id),
            8 when world.Silos.Count > 0 => OperatorRequest.Unquarantine(world.Random.Pick(world.Silos).Name),
            _ => null,
        };
        if (request is null)
            await TryAsync($"submit {sweep.Last.Spec.Name}", () => SubmitAsync(world.Random.Pick(sweep.Versions)));
        else
            await AskAsync(request);

        // A sweep that comes again at once has the same trials, and counts their attempts from 1.
        if (request?.Verb == OperatorVerb.Delete && world.Random.Next(2) == 0)
            await LaunchAsync(sweep, TimeSpan.Zero);
    }

    private async Task FinishAsync()
    {
        await Task.WhenAll(_others);
        while (true)
        {
            bool done = true;
            foreach (SimSweep sweep in world.Sweeps)
                done &= await FinishAsync(sweep);
            foreach (string silo in world.Database.Names("SELECT id FROM silos WHERE quarantined IS NOT NULL"))
                await AskAsync(OperatorRequest.Unquarantine(silo));
            if (done)
                break;
            await _process.Delay(TimeSpan.FromSeconds(10));
        }

        AreDone = true;
    }

    private async Task<bool> FinishAsync(SimSweep sweep)
    {
        SimHistory.Trial[] trials = [.. world.Database.History.Trials.Where(t => t.Name == sweep.Last.Spec.Name)];
        if (trials.Length < sweep.Last.Trials.Length)
        {
            // A sweep is extended while nothing of it runs.
            if (trials.Length > 0)
                await AskAsync(OperatorRequest.Pause(trials[0].SweepId));
            await TryAsync($"submit {sweep.Last.Spec.Name}", () => SubmitAsync(sweep.Last));
            return false;
        }

        // No request without need: each has the sweep's grain look at everything again, which would hide what it has forgotten.
        if (world.Database.Names("SELECT name FROM sweeps WHERE paused").Contains(sweep.Last.Spec.Name, StringComparer.Ordinal))
            await AskAsync(OperatorRequest.Resume(trials[0].SweepId));
        string[] again =
            [.. trials.Where(t => t.State is TrialStatus.Cancelled || (t.State == TrialStatus.Failed && !world.IsInborn(t.Id))).Select(t => t.Id)];
        if (again.Length > 0)
            await AskAsync(OperatorRequest.Retry(trials[0].SweepId, again));
        return trials.All(t => t.State is TrialStatus.Completed or TrialStatus.Pruned || (t.State == TrialStatus.Failed && world.IsInborn(t.Id)));
    }

    private Task<SubmitAnswer> SubmitAsync(SimVersion version) => Store.SubmitAsync(version.Spec, version.Trials, CancellationToken.None);

    private Task<bool> AskAsync(OperatorRequest request)
    {
        OperatorRequest named = request with { Id = $"request {++_requests}" };
        return TryAsync($"{named.Verb} {named.Silo ?? named.SweepId} {(named.Trials is { } some ? string.Join(',', some) : "")}", async () =>
        {
            await Store.WriteAsync(named, CancellationToken.None);
            return true;
        });
    }

    private async Task<bool> TryAsync<T>(string what, Func<Task<T>> call)
    {
        try
        {
            await call();
            _process.Say(what);
            return true;
        }
        catch (Exception e) when (e is StoreException or SpecChangedException or ArgumentException)
        {
            _process.Say($"{what}: {e.GetType().Name}");
            return false;
        }
    }
}
