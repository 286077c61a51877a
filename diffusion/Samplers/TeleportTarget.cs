using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>How far <see cref="Teleportation"/> goes: down to a sigma, or over a share of the grid's steps. Exactly one of the two is set.</summary>
public sealed record TeleportTarget
{
    private const string RegridWord = "regrid";

    private TeleportTarget(double? sigma, double? skip)
    {
        Sigma = sigma;
        Skip = skip;
    }

    /// <summary>Sigma = noise / signal to arrive at; between the grid's least noise and its most.</summary>
    public double? Sigma { get; }

    /// <summary>Share of the grid's steps, from 0 up to but not including 1; rounded to whole steps.</summary>
    public double? Skip { get; }

    /// <summary>Whether the steps that are saved are spent on the rest: as many as the grid had, over the levels that are left.</summary>
    public bool Regrid { get; init; }

    /// <exception cref="KindException">The value is not above 0.</exception>
    public static TeleportTarget ToSigma(double sigma) =>
        sigma > 0 && double.IsFinite(sigma) ? new(sigma, null) : throw new KindException($"teleport.sigma: {sigma}; allowed: a number above 0");

    /// <exception cref="KindException">The value is outside [0, 1).</exception>
    public static TeleportTarget OverShare(double skip) =>
        skip is >= 0 and < 1 ? new(null, skip) : throw new KindException($"teleport.skip: {skip}; allowed: a number from 0, below 1");

    /// <summary>Reads <c>{sigma: 2}</c> or <c>{skip: 0.28}</c>, perhaps with <c>regrid: true</c>, as a spec has it.</summary>
    /// <exception cref="KindException">It is neither.</exception>
    public static TeleportTarget Parse(JsonNode? node)
    {
        JsonNode? regrid = null;
        if (node is JsonObject o && (o.Count == 1 || (o.Count == 2 && o.TryGetPropertyValue(RegridWord, out regrid)
            && regrid?.GetValueKind() is JsonValueKind.True or JsonValueKind.False))
            && o.First(e => e.Key != RegridWord || o.Count == 1) is { Value: JsonValue value } entry && value.GetValueKind() == JsonValueKind.Number)
        {
            double number = double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
            bool regridded = regrid?.GetValue<bool>() is true;
            if (entry.Key == "sigma")
                return ToSigma(number) with { Regrid = regridded };
            if (entry.Key == "skip")
                return OverShare(number) with { Regrid = regridded };
        }

        throw new KindException(
            $"teleport: {node?.ToJsonString() ?? "nothing"}; allowed: {{sigma: a number}} or {{skip: a number}}, with regrid: true or false");
    }

    /// <summary>The levels left to the sampler, the first of which is arrived at.</summary>
    /// <exception cref="KindException">The sigma is outside the grid.</exception>
    internal NoiseLevel[] Remaining(ISchedule schedule, IReadOnlyList<NoiseLevel> grid)
    {
        if (Skip is { } skip)
            return [.. grid.Skip((int)Math.Round(skip * (grid.Count - 1)))];

        double sigma = Sigma.GetValueOrDefault();
        double least = grid.Last(l => l.Noise > 0).Sigma;

        // A grid's level asked for by its printed value is that level.
        const double same = 1e-9;
        if (!(sigma <= grid[0].Sigma * (1 + same) && sigma >= least * (1 - same)))
            throw new KindException($"teleport.sigma: {sigma}; allowed: from {least} to {grid[0].Sigma}, the noise of the grid");
        int first = Enumerable.Range(0, grid.Count).First(k => grid[k].Sigma <= sigma * (1 + same));
        return grid[first].Sigma >= sigma * (1 - same) ? [.. grid.Skip(first)] : [schedule.AtSigma(sigma), .. grid.Skip(first)];
    }

    /// <summary>
    /// As many steps as a grid had, over the levels that are left of it: the same spacing as before, in units of what is left (ln sigma is interpolated
    /// between neighbouring levels). Karras' grid, whose sigma^(1/rho) are equally spaced, stays nearly one of Karras'.
    /// </summary>
    /// <param name="schedule">Gives levels their scaling.</param>
    /// <param name="remaining">At least two, the last perhaps without noise; they stay the first and the last.</param>
    /// <param name="steps">At least as many as are left.</param>
    internal static NoiseLevel[] Respaced(ISchedule schedule, IReadOnlyList<NoiseLevel> remaining, int steps)
    {
        int clean = remaining[^1].Noise > 0 ? 0 : 1, last = remaining.Count - 1 - clean, wanted = steps - clean;
        if (last < 1)
            return [.. remaining];
        var levels = new NoiseLevel[steps + 1];
        for (int k = 0; k <= wanted; k++)
        {
            double at = (double)k * last / wanted;
            int below = Math.Min((int)at, last - 1);
            double share = at - below;
            levels[k] = share == 0 ? remaining[below] : share == 1 ? remaining[below + 1]
                : schedule.AtSigma(Math.Exp(Math.Log(remaining[below].Sigma) + (share * Math.Log(remaining[below + 1].Sigma / remaining[below].Sigma))));
        }

        if (clean == 1)
            levels[^1] = remaining[^1];
        return levels;
    }
}
