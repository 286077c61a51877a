namespace Sweep.Silo;

/// <summary>What an attempt is doing; the lower-case names go into heartbeats.</summary>
public enum AttemptPhase
{
    Dataset,
    Fit,
    Train,
    Sample,
    Evaluate,
    Commit,
}
