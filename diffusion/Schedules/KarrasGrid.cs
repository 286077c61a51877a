using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Schedules;

/// <summary>Equal steps of sigma^(1/rho) (Karras et al., arXiv 2206.00364, eq. 5).</summary>
public sealed class KarrasGrid : SigmaGrid
{
    private readonly double _rho;

    public KarrasGrid(double rho = 7)
    {
        if (!(rho >= 1 && double.IsFinite(rho)))
            throw new KindException($"karras: rho {rho}; allowed: 1 or more");
        _rho = rho;
    }

    public static Kind<IGrid> Kind { get; } = new(
        "karras",
        "equal steps of sigma^(1/rho)",
        [Parameter.Real("rho", 7, "how much the levels crowd towards the least noise", minimum: 1, maximum: 100)],
        p => new KarrasGrid(p.Real("rho")));

    protected override double Sigma(NoiseRange range, double share)
    {
        double most = Math.Pow(range.SigmaMax, 1 / _rho);
        double least = Math.Pow(range.SigmaMin, 1 / _rho);
        return Math.Pow(most + (share * (least - most)), _rho);
    }
}
