using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>
/// Which attempts run, wherever they do: no two of one lease. After a restored backup, and for a sweep that was deleted and launched again, a token may be
/// given again, so each stands for its time.
/// </summary>
internal sealed class SimLeases(SimDatabase database, Action<string> violated)
{
    private readonly Dictionary<Token, SimSilo> _running = [];
    private readonly Dictionary<Lease, Token> _began = new(ReferenceEqualityComparer.Instance);

    public void Begin(SimSilo silo, Lease lease)
    {
        Token token = new(lease.SweepId, lease.Trial.Id, lease.Attempt, lease.Holder, database.Restored, database.History.Deletions(lease.SweepId));
        _began[lease] = token;
        if (!_running.TryAdd(token, silo))
            violated($"attempt {lease.Attempt} of {lease.Trial.Id} runs on {silo.Name} and on {_running[token].Name}");
    }

    public void End(Lease lease)
    {
        if (_began.Remove(lease, out Token token))
            _running.Remove(token);
    }

    /// <summary>A lease at its time: how often the store was restored, and the sweep deleted.</summary>
    private readonly record struct Token(string Sweep, string Trial, int Attempt, long Holder, int Restored, int Deleted);
}
