using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// A trial as its grain knows it: queued, running an attempt, or ended, with every attempt's cause. Attempts are told apart by their token, which only grows:
/// what an older one says changes nothing. What becomes of a trial whose attempt failed is the sweep's to decide; until it has been read, it isn't known here.
/// Not thread-safe: one grain has it.
/// </summary>
internal sealed class TrialLife
{
    private readonly SortedDictionary<int, WireAttempt> _attempts = [];
    private readonly List<int> _steps = [];
    private readonly List<float> _losses = [];
    private readonly List<float> _scores = [];
    private WireLive? _live;
    private int _ended;

    /// <summary>Null when it has to be read.</summary>
    public TrialStatus? State { get; private set; }

    /// <summary>The latest attempt; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>Whether attempts before the present one are known too.</summary>
    public bool KnowsPast { get; private set; }

    /// <summary>An attempt runs. False when a later one is known, or this one is known to have ended.</summary>
    public bool Begin(WireAttempt attempt)
    {
        if (attempt.Attempt < Attempt || attempt.Attempt <= _ended)
            return false;
        if (attempt.Attempt > Attempt || State != TrialStatus.Running)
            Forget();

        // How an attempt ended that was silently followed by this one is in the store.
        if (attempt.Attempt > Attempt)
            KnowsPast = attempt.Attempt == 1 || (KnowsPast && attempt.Attempt == Attempt + 1 && _ended == Attempt);
        Attempt = attempt.Attempt;
        State = TrialStatus.Running;

        // What the store knows of it, its beginning, outweighs news of it.
        if (attempt.Started is not null || !_attempts.ContainsKey(attempt.Attempt))
            _attempts[attempt.Attempt] = attempt;
        return true;
    }

    /// <summary>News of the attempt. False when a later one is known, or this one is known to have ended.</summary>
    public bool Update(WireLive live)
    {
        int attempt = (int)live.FencingToken;
        if (attempt < Attempt || attempt <= _ended)
            return false;
        if (attempt > Attempt)
            Begin(new WireAttempt { Attempt = attempt, Silo = live.Silo });
        if (live.Answer == (int)HeartbeatAnswer.Lost)
        {
            End(attempt, AttemptOutcome.Lost, "the lease expired", null);
            return true;
        }

        // A heartbeat says how far it was when it was sent, which may be before what came since.
        _live = live.Answer is null || _live is null ? live : _live;
        Append(_steps, live.Curves.From, live.Curves.Steps);
        Append(_losses, live.Curves.From, live.Curves.Losses);
        Append(_scores, live.Curves.ScoresFrom, live.Curves.Scores);
        return true;
    }

    /// <summary>How much of the attempt's curves is known here: senders continue from there.</summary>
    public WireSeen Known => new() { Attempt = Attempt, Points = Math.Min(_steps.Count, _losses.Count), Scores = _scores.Count };

    /// <summary>What somebody who has seen so much hasn't seen.</summary>
    public WireNews Since(WireSeen seen)
    {
        bool same = seen.Attempt == Attempt;
        int points = same ? Math.Min(seen.Points, _steps.Count) : 0;
        int scores = same ? Math.Min(seen.Scores, _scores.Count) : 0;
        return new WireNews
        {
            State = (int)(State ?? TrialStatus.Queued), Attempt = Attempt, Silo = _attempts.GetValueOrDefault(Attempt)?.Silo, Phase = _live?.Phase,
            Fraction = _live?.Fraction, Loss = _live?.Loss, IsLast = State != TrialStatus.Running,
            Curves = new WireCurves
            {
                From = same ? seen.Points : 0, Steps = [.. _steps.Skip(points)], Losses = [.. _losses.Skip(points)],
                ScoresFrom = same ? seen.Scores : 0, Scores = [.. _scores.Skip(scores)],
            },
        };
    }

    /// <summary>A report was answered.</summary>
    public void Reported(WireReport report, ReportAnswer answer)
    {
        int attempt = (int)report.FencingToken;
        if (attempt < Attempt)
            return;
        if (answer == ReportAnswer.Accepted)
        {
            var outcome = (AttemptOutcome)report.Outcome;
            End(attempt, outcome, report.Message, outcome == AttemptOutcome.Completed ? TrialStatus.Completed : null);
        }
        else
        {
            End(attempt, AttemptOutcome.Lost, "the lease was lost; the report was refused", null);
        }
    }

    /// <summary>What the store has; the live part of the attempt stays if it still runs.</summary>
    public void Read(TrialStatus state, WireAttempt[] attempts)
    {
        int latest = attempts.Length > 0 ? attempts[^1].Attempt : 0;
        if (state != TrialStatus.Running || latest != Attempt)
            Forget();
        _attempts.Clear();
        foreach (WireAttempt attempt in attempts)
            _attempts[attempt.Attempt] = attempt;
        (State, Attempt, KnowsPast) = (state, latest, true);
        _ended = state == TrialStatus.Running ? latest - 1 : latest;
    }

    public WireTrial Show() => new()
    {
        State = (int)(State ?? TrialStatus.Queued),
        Attempts = [.. _attempts.Values],
        Phase = _live?.Phase,
        Fraction = _live?.Fraction,
        Loss = _live?.Loss,
        Steps = [.. _steps],
        Losses = [.. _losses],
        Scores = [.. _scores],
    };

    /// <summary>What comes after a gap waits until the gap is told.</summary>
    private static void Append<T>(List<T> curve, int from, T[] more)
    {
        if (from <= curve.Count)
            curve.AddRange(more.Skip(curve.Count - from));
    }

    private void End(int attempt, AttemptOutcome outcome, string? message, TrialStatus? next)
    {
        (Attempt, _ended) = (attempt, attempt);
        State = next;
        if (_attempts.TryGetValue(attempt, out WireAttempt? known))
            _attempts[attempt] = known with { Outcome = (int)outcome, Message = message };
        Forget();
    }

    private void Forget()
    {
        _live = null;
        _steps.Clear();
        _losses.Clear();
        _scores.Clear();
    }
}
