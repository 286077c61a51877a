namespace Sweep.Grains.Coordination;

/// <summary>How fast a sweep moves, from what runs alone.</summary>
/// <param name="CostInFlight">The sum of cost times progress over running attempts.</param>
/// <param name="CostPerSecond">The sum of cost times progress over time since it began, over attempts that have shown progress; 0 where none has.</param>
/// <param name="Measured">How many attempts that is.</param>
/// <param name="Running">How many run.</param>
public sealed record SweepPace(double CostInFlight, double CostPerSecond, int Measured, int Running);
