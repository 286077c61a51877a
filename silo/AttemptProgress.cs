using Sweep.Diffusion.Networks.Reference;
using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>
/// The progress of one running attempt: written by its worker, read by the heartbeat and by whoever draws a progress bar. Thread-safe.
/// </summary>
public sealed class AttemptProgress(Lease lease, DateTimeOffset started)
{
    private readonly Lock _lock = new();
    private AttemptPhase _phase;
    private AttemptPhase? _entered;
    private double _phaseFraction;
    private double? _loss;
    private double _diagnosis;

    public Lease Lease { get; } = lease;

    public DateTimeOffset Started { get; } = started;

    /// <summary>Told what the attempt does; set before it begins, or null.</summary>
    public IAttemptObserver? Observer { get; set; }

    /// <summary>Enters a phase, or moves on in it. Fractions are of the phase, 0 to 1.</summary>
    public void Report(AttemptPhase phase, double fraction, double? loss = null)
    {
        bool enters;
        lock (_lock)
        {
            enters = _entered != phase;
            _entered = phase;
            Show(phase, fraction, loss);
        }

        if (enters)
            Observer?.Entered(phase);
    }

    /// <summary>Training is further by so many steps.</summary>
    /// <param name="loss">Mean over those steps.</param>
    public void Trained(int steps, double loss) => Observer?.Trained(steps, loss);

    /// <summary>One reverse step more was taken, and the samples after it scored.</summary>
    public void Scored(double logLikelihoodNats) => Observer?.Scored(logLikelihoodNats);

    /// <summary>What the present phase makes was there already, by another attempt's work.</summary>
    public void Reused() => Observer?.Reused();

    /// <summary>See <see cref="IAttemptObserver.GoesOn"/>.</summary>
    public void GoesOn() => Observer?.GoesOn();

    /// <summary>Says which share of the attempt its diagnostics are expected to take, 0 to 1.</summary>
    public void ExpectDiagnosis(double share)
    {
        lock (_lock)
            _diagnosis = Math.Clamp(share, 0, 1);
    }

    /// <summary>Shows the progress of another attempt, whose result this one waits for; its own phase stays.</summary>
    public void Follow(AttemptProgress other)
    {
        (AttemptPhase phase, double fraction, double? loss) = other.Phase();
        lock (_lock)
            Show(phase, fraction, loss);
    }

    private void Show(AttemptPhase phase, double fraction, double? loss)
    {
        _phase = phase;
        _phaseFraction = Math.Clamp(fraction, 0, 1);
        _loss = loss ?? _loss;
    }

    private (AttemptPhase Phase, double Fraction, double? Loss) Phase()
    {
        lock (_lock)
            return (_phase, _phaseFraction, _loss);
    }

    public LeaseProgress Snapshot()
    {
        lock (_lock)
        {
            // Training takes most of an attempt, where there is any; the shares only steer a progress bar.
            double sampling = ReferenceKinds.Has(Lease.Trial.Network.Kind) ? 0.05 : 0.80;
            double before = 1 - _diagnosis;
            double fraction = _phase switch
            {
                AttemptPhase.Dataset => 0,
                AttemptPhase.Fit => before * 0.05 * _phaseFraction,
                AttemptPhase.Train => before * (0.05 + (0.75 * _phaseFraction)),
                AttemptPhase.Sample => before * (sampling + ((0.97 - sampling) * _phaseFraction)),
                AttemptPhase.Evaluate => (before * 0.97) + ((1 - (before * 0.97)) * _phaseFraction),
                _ => 1,
            };
            return new LeaseProgress(
                Lease.SweepId, Lease.Trial.Id, Lease.FencingToken, _phase.ToString().ToLowerInvariant(), Math.Min(fraction, 1), _loss);
        }
    }
}
