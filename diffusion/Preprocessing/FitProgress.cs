namespace Sweep.Diffusion.Preprocessing;

/// <summary>How far a fit is, told to whoever watches; the default tells nobody. Parts of a fit report their own share from 0 to 1.</summary>
public readonly struct FitProgress
{
    private readonly Action<double>? _report;
    private readonly double _from;
    private readonly double _length;

    /// <param name="report">Told the share of the fit that is done, from 0 to 1, on the fitting thread.</param>
    public FitProgress(Action<double> report)
        : this(report, 0, 1)
    {
    }

    private FitProgress(Action<double>? report, double from, double length) => (_report, _from, _length) = (report, from, length);

    /// <summary>The share of this part that is done.</summary>
    public void Report(double share) => _report?.Invoke(_from + (_length * Math.Clamp(share, 0, 1)));

    /// <summary>The part of this one between two shares.</summary>
    public FitProgress Part(double from, double to) => new(_report, _from + (_length * from), _length * (to - from));
}
