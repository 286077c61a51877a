namespace Sweep.Silo;

/// <summary>A trial's estimated floating-point operations by part; diagnosis is that of its <c>diagnostics</c>.</summary>
public readonly record struct CostParts(double Training, double Sampling, double Evaluation, double Diagnosis)
{
    public double Total => Training + Sampling + Evaluation + Diagnosis;
}
