namespace Sweep.Grains.Orleans.Ledger;

/// <summary>Another sweep's next trial, as far as it decides whose turn it is.</summary>
/// <param name="Cost">Of the trial.</param>
/// <param name="Sweep">The sweep's number: older ones go first.</param>
internal sealed record Rival(double Cost, long Sweep)
{
    /// <summary>Whether it goes before a trial of such a cost.</summary>
    public bool GoesBefore(double cost, long sweep) => Cost > cost || (Cost == cost && Sweep < sweep);
}
