namespace Sweep.Silo;

/// <summary>A trial's estimated floating-point operations by part.</summary>
public readonly record struct CostParts(double Training, double Sampling, double Evaluation);
