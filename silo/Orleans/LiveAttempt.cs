using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Silo.Orleans;

/// <summary>Keeps one attempt's training curve until it has been told, and passes on what it hears. Thread-safe.</summary>
/// <param name="began">A timestamp.</param>
internal sealed class LiveAttempt(AttemptProgress attempt, IAttemptObserver? inner, long began) : IAttemptObserver
{
    private readonly Lock _lock = new();
    private readonly List<int> _steps = [];
    private readonly List<float> _losses = [];
    private int _step;
    private int _told;
    private LeaseProgress? _last;

    public IAttemptObserver? Inner => inner;

    public long Began => began;

    public void Entered(AttemptPhase phase) => inner?.Entered(phase);

    public void Trained(int steps, double loss)
    {
        lock (_lock)
        {
            _step += steps;
            _steps.Add(_step);
            _losses.Add((float)loss);
        }

        inner?.Trained(steps, loss);
    }

    public void Reused() => inner?.Reused();

    /// <summary>What is new since the last time; null when nothing is.</summary>
    public WireLive? News(string silo)
    {
        LeaseProgress now = attempt.Snapshot();
        lock (_lock)
        {
            if (now == _last && _told == _steps.Count)
                return null;
            int from = _told;
            (_last, _told) = (now, _steps.Count);
            return new WireLive
            {
                FencingToken = now.FencingToken, Silo = silo, Phase = now.Phase, Fraction = now.Fraction, Loss = now.Loss,
                From = from, Steps = [.. _steps.Skip(from)], Losses = [.. _losses.Skip(from)],
            };
        }
    }
}
