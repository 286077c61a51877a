using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>Which attempts run, wherever they do: no two of one lease. After a restored backup a token may be given again, so each stands for its
/// time.</summary>
internal sealed class SimLeases(Action<string> violated)
{
    private readonly Dictionary<(string Sweep, string Trial, int Attempt, long Holder, int Restored), SimSilo> _running = [];
    private readonly Dictionary<Lease, int> _began = new(ReferenceEqualityComparer.Instance);

    public void Begin(SimSilo silo, Lease lease, int restored)
    {
        _began[lease] = restored;
        if (!_running.TryAdd((lease.SweepId, lease.Trial.Id, lease.Attempt, lease.Holder, restored), silo))
        {
            violated($"attempt {lease.Attempt} of {lease.Trial.Id} runs on {silo.Name} and on "
                + _running[(lease.SweepId, lease.Trial.Id, lease.Attempt, lease.Holder, restored)].Name);
        }
    }

    public void End(Lease lease)
    {
        if (_began.Remove(lease, out int restored))
            _running.Remove((lease.SweepId, lease.Trial.Id, lease.Attempt, lease.Holder, restored));
    }
}
