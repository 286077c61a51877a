namespace Sweep.Grains.Specs;

/// <summary>
/// When the store first saw an expectation as it stands, and how much was known by then: stated before any trial completed, it is a prediction.
/// </summary>
/// <param name="At">By the store's clock.</param>
/// <param name="Completed">Trials that had completed.</param>
/// <param name="Total">All trials.</param>
public sealed record ExpectationRegistration(DateTimeOffset At, long Completed, long Total)
{
    /// <summary>Whether it was there before the first result.</summary>
    public bool Beforehand => Completed == 0;
}
