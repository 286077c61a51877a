using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Shells;

namespace Sweep.Tests.Simulation;

/// <summary>
/// What Orleans is to the shells: a directory that places an activation on some silo when it is first called, and calls that take their time, are lost, come
/// twice or are never answered. The directory may have two activations of one grain for a while; it finds out late that a silo is dead.
/// </summary>
internal sealed class SimNetwork(SimScheduler scheduler, SimFaults faults, SimRandom random)
{
    /// <summary>As Orleans has it.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, List<SimActivation>> _directory = new(StringComparer.Ordinal);
    private readonly List<SimSilo> _members = [];

    /// <summary>Silos that the membership calls living: some may be dead already.</summary>
    public IReadOnlyList<SimSilo> Members => _members;

    public void Join(SimSilo silo)
    {
        if (!_members.Contains(silo))
            _members.Add(silo);
    }

    /// <summary>The membership declares a silo dead: its activations are forgotten, and every other silo tells the dispatcher until that has
    /// heard it.</summary>
    public void Declare(SimSilo dead)
    {
        if (!_members.Remove(dead))
            return;
        dead.Process.Say("is declared dead");
        Leave(dead);
        foreach (SimSilo silo in _members)
            silo.Process.Do(() => TellAsync(silo, dead));
    }

    /// <summary>Its grains go elsewhere.</summary>
    public void Leave(SimSilo silo)
    {
        foreach (List<SimActivation> activations in _directory.Values)
            Drop(activations, a => a.Process == silo.Process);
    }

    /// <summary>One activation per grain, from now on.</summary>
    public void Unify()
    {
        foreach (List<SimActivation> activations in _directory.Values.Where(a => a.Count > 1))
            Drop(activations, a => a != activations[0]);
    }

    public void Forget(string grain, SimActivation activation)
    {
        if (_directory.TryGetValue(grain, out List<SimActivation>? activations))
            activations.Remove(activation);
    }

    /// <param name="from">Who calls.</param>
    /// <param name="grain">What the grain is called.</param>
    /// <param name="make">Its shell, on a silo that it is placed on.</param>
    /// <param name="stays">It is placed with its caller.</param>
    public Task<T> CallAsync<T>(
        SimSilo from, string grain, string method, Func<SimSilo, object> make, Func<SimActivation, Task<T>> call, bool stays = false)
    {
        // Answered in the caller's lane, so that what waits for it goes on there.
        SimLane home = (SimLane)SynchronizationContext.Current!;
        TaskCompletionSource<T> answer = new();
        SimTimer timeout = scheduler.After(
            ResponseTimeout, home, () => answer.TrySetException(new TimeoutException($"Response did not arrive on time: {method} of {grain}")));
        if (Find(from, grain, make, stays) is not { } to)
        {
            timeout.Dispose();
            answer.TrySetException(new SiloUnavailableException("simulated: no silo"));
            return answer.Task;
        }

        bool remote = to.Process != from.Process;
        if (remote && !to.Process.IsAlive && random.Next(2) == 0)
        {
            timeout.Dispose();
            answer.TrySetException(new SiloUnavailableException("simulated: the target silo is gone"));
            return answer.Task;
        }

        for (int copies = remote && faults.Strikes(faults.Duplicate) ? 2 : 1; copies > 0; copies--)
        {
            if (remote && (from.Process.IsCutOff || to.Process.IsCutOff || faults.Strikes(faults.LostRequest)))
            {
                from.Process.Say($"loses the request {method} of {grain}");
                continue;
            }

            scheduler.After(Takes(remote), to.Lane, () => scheduler.Watch(RunAsync()));
        }

        return answer.Task;

        async Task RunAsync()
        {
            Action<TaskCompletionSource<T>> say;
            try
            {
                T result = await call(to);
                say = a => a.TrySetResult(result);
            }
            catch (Exception e)
            {
                say = a => a.TrySetException(e);
            }

            if (remote && (from.Process.IsCutOff || to.Process.IsCutOff || faults.Strikes(faults.LostAnswer)))
            {
                to.Process.Say($"loses the answer to {method} of {grain}");
                return;
            }

            scheduler.After(Takes(remote), home, () =>
            {
                timeout.Dispose();
                say(answer);
            });
        }
    }

    private static void Drop(List<SimActivation> activations, Predicate<SimActivation> which)
    {
        foreach (SimActivation activation in activations.FindAll(which))
        {
            activations.Remove(activation);
            activation.Leave();
        }
    }

    private TimeSpan Takes(bool remote) => !remote ? TimeSpan.Zero : faults.Strikes(faults.LongDelay) ? random.Span(20, 60) : random.Span(0, 0.003);

    private SimActivation? Find(SimSilo from, string grain, Func<SimSilo, object> make, bool stays)
    {
        if (!_directory.TryGetValue(grain, out List<SimActivation>? there))
            _directory[grain] = there = [];
        if (there.Count > 0 && faults.Strikes(faults.Forgotten))
            Drop(there, random.Pick(there).Equals);
        if (there.Count == 0 || (there.Count == 1 && faults.Strikes(faults.Twice)))
        {
            SimSilo[] living = [.. _members.Where(m => m.Process.IsAlive || random.Next(4) == 0)];
            if (stays && _members.Contains(from))
                living = [from];
            if (living.Length == 0)
                return null;
            SimSilo on = random.Pick(living);
            on.Process.Say($"activates {grain}");
            there.Add(new SimActivation(on.Process, on.Process.Lane(grain, inOrder: true), make(on)));
        }

        return there.Count == 1 ? there[0] : random.Pick(there);
    }

    private async Task TellAsync(SimSilo silo, SimSilo dead)
    {
        while (true)
        {
            try
            {
                await silo.Grains.GetGrain<IDispatchGrain>(SimSilo.StoreKey).DeclaredDeadAsync([dead.Name], [.. _members.Select(m => m.Name)]);
                return;
            }
            catch (Exception)
            {
                // As the client's reports of dead silos do.
                await silo.Process.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }
}

/// <summary>A grain's activation.</summary>
internal sealed class SimActivation(SimProcess process, SimLane lane, object shell)
{
    private Task _turn = Task.CompletedTask;

    public SimProcess Process => process;

    public SimLane Lane => lane;

    public SweepShell Sweep => (SweepShell)shell;

    public DispatchShell Dispatch => (DispatchShell)shell;

    public TrialShell Trial => (TrialShell)shell;

    public NewsShell News => (NewsShell)shell;

    /// <summary>It is in the directory no more, and ends when its process has time for it.</summary>
    public void Leave()
    {
        if (shell is NewsShell news)
            lane.Post(_ => _ = news.DisposeAsync().AsTask(), null);
    }

    /// <summary>One call after the other, as on a grain that isn't reentrant.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> call)
    {
        Task before = _turn;
        TaskCompletionSource mine = new();
        _turn = mine.Task;
        await before;
        try
        {
            return await call();
        }
        finally
        {
            mine.SetResult();
        }
    }
}
