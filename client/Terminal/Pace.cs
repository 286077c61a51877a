namespace Sweep.Client.Terminal;

/// <summary>
/// How fast a sweep's cost gets done, measured over a window of what was seen. There is no rate before it rests on something: several trials that completed,
/// or a good part of one. The first moments tell little, as code is compiled and data are fitted, which takes another share of a trial than estimated.
/// Not thread-safe.
/// </summary>
internal sealed class Pace
{
    /// <summary>Trials that make a rate.</summary>
    public const int MinTrials = 3;

    /// <summary>The part of each running trial that must be done before it tells how long the rest takes: its data are fitted then.</summary>
    public const double MinPart = 0.1;

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1), MinSpan = TimeSpan.FromSeconds(2), MinWindow = TimeSpan.FromSeconds(20),
        MaxWindow = TimeSpan.FromMinutes(5);

    private readonly Queue<Sample> _samples = [];
    private Sample? _latest;

    /// <summary>Takes note of what is done.</summary>
    /// <param name="at">Now.</param>
    /// <param name="done">Cost of what has completed, and of the part of what runs.</param>
    /// <param name="completed">Trials that have completed.</param>
    public void See(DateTimeOffset at, double done, int completed)
    {
        while (_samples.TryPeek(out Sample? old) && (at - old.At > MaxWindow || old.Done > done + 1e-9))
            _samples.Dequeue();

        // What came before the first of them is the start, which comes once.
        if (_samples.TryPeek(out Sample? first) && first.Completed == 0 && completed > 0 && at - first.At < MinWindow)
            _samples.Clear();
        _latest = new Sample(at, done, completed);
        if (_samples.Count == 0 || at - _samples.Last().At >= MinInterval)
            _samples.Enqueue(_latest);
    }

    /// <summary>Cost per second, and trials per second where several have completed; null before it rests on something.</summary>
    /// <param name="running">What a trial costs in the mean, times how many run.</param>
    public (double Cost, double? Trials)? Rate(double running)
    {
        if (_latest is not { } latest || !_samples.TryPeek(out Sample? first))
            return null;
        double seconds = (latest.At - first.At).TotalSeconds, done = latest.Done - first.Done;
        int trials = latest.Completed - first.Completed;
        bool several = trials >= MinTrials && seconds >= MinSpan.TotalSeconds;
        if (!(done > 0) || !(several || (seconds >= MinWindow.TotalSeconds && done >= MinPart * running)))
            return null;
        return (done / seconds, several ? trials / seconds : null);
    }

    private sealed record Sample(DateTimeOffset At, double Done, int Completed);
}
