using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>
/// Which attempts run, in any process that lives: no two of one lease, whoever has forgotten that it was given. A restored backup may have forgotten a silo
/// too, and give its number to another, so a lease stands for its time.
/// </summary>
internal sealed class SimLeases(Action<string> violated)
{
    private readonly Dictionary<Token, SimSilo> _running = [];
    private readonly Dictionary<Lease, Token> _began = new(ReferenceEqualityComparer.Instance);

    public void Begin(SimSilo silo, Lease lease, int restored)
    {
        Token token = new(lease.SweepId, lease.Trial.Id, lease.Attempt, lease.Holder, restored);
        if (_running.TryGetValue(token, out SimSilo? other) && other.Process.IsAlive)
        {
            violated($"attempt {lease.Attempt} of {lease.Trial.Id} runs on {silo.Name} and on {other.Name}");
            return;
        }

        _running[token] = silo;
        _began[lease] = token;
    }

    public void End(Lease lease)
    {
        if (_began.Remove(lease, out Token token))
            _running.Remove(token);
    }

    private readonly record struct Token(string Sweep, string Trial, int Attempt, long Holder, int Restored);
}
