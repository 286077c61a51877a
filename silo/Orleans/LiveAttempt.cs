using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Silo.Orleans;

/// <summary>Keeps one attempt's curves while it runs, knows how much of them its grain has, and passes on what it is told. Thread-safe.</summary>
internal sealed class LiveAttempt(AttemptProgress attempt, IAttemptObserver? inner) : IAttemptObserver
{
    private readonly Lock _lock = new();
    private readonly List<int> _steps = [];
    private readonly List<float> _losses = [];
    private readonly List<float> _scores = [];
    private int _step;
    private int _pointsTold;
    private int _scoresTold;
    private LeaseProgress? _last;

    public IAttemptObserver? Inner => inner;

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

    public void Scored(double logLikelihoodNats)
    {
        lock (_lock)
            _scores.Add((float)logLikelihoodNats);
        inner?.Scored(logLikelihoodNats);
    }

    public void Reused() => inner?.Reused();

    public void GoesOn() => inner?.GoesOn();

    /// <summary>What the grain doesn't know; null when it knows all.</summary>
    public WireLive? News(string silo)
    {
        LeaseProgress now = attempt.Snapshot();
        lock (_lock)
        {
            if (now == _last && _pointsTold == _steps.Count && _scoresTold == _scores.Count)
                return null;
            (int points, int scores) = (_pointsTold, _scoresTold);
            (_last, _pointsTold, _scoresTold) = (now, _steps.Count, _scores.Count);
            return new WireLive
            {
                FencingToken = now.FencingToken, Silo = silo, Phase = now.Phase, Fraction = now.Fraction, Loss = now.Loss,
                Curves = new WireCurves
                {
                    From = points, Steps = [.. _steps.Skip(points)], Losses = [.. _losses.Skip(points)],
                    ScoresFrom = scores, Scores = [.. _scores.Skip(scores)],
                },
            };
        }
    }

    /// <summary>The grain knows so much: less than it was told where it has come to life again meanwhile.</summary>
    public void Knows(WireSeen known)
    {
        if (known.Attempt != attempt.Lease.FencingToken)
            return;
        lock (_lock)
        {
            _pointsTold = Math.Min(_pointsTold, known.Points);
            _scoresTold = Math.Min(_scoresTold, known.Scores);
        }
    }
}
