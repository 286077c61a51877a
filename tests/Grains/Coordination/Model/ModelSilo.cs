using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>A silo and its failures since its last completion.</summary>
internal sealed class ModelSilo
{
    public DateTimeOffset? LastSeen { get; set; }

    public Abilities Offers { get; set; }

    public bool Quarantined { get; set; }

    public List<(ModelTrial Trial, ModelAttempt Attempt)> Streak { get; } = [];

    /// <summary>Trials of the streak that completed elsewhere.</summary>
    public HashSet<ModelTrial> Proven { get; } = [];

    public void Clear()
    {
        Streak.Clear();
        Proven.Clear();
    }
}
