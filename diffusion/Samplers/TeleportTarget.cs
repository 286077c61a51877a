using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>How far <see cref="Teleportation"/> goes: down to a sigma, or over a share of the grid's steps. Exactly one of the two is set.</summary>
public sealed record TeleportTarget
{
    private TeleportTarget(double? sigma, double? skip)
    {
        Sigma = sigma;
        Skip = skip;
    }

    /// <summary>Sigma = noise / signal to arrive at; between the grid's least noise and its most.</summary>
    public double? Sigma { get; }

    /// <summary>Share of the grid's steps, from 0 up to but not including 1; rounded to whole steps.</summary>
    public double? Skip { get; }

    /// <exception cref="KindException">The value is not above 0.</exception>
    public static TeleportTarget ToSigma(double sigma) =>
        sigma > 0 && double.IsFinite(sigma) ? new(sigma, null) : throw new KindException($"teleport.sigma: {sigma}; allowed: a number above 0");

    /// <exception cref="KindException">The value is outside [0, 1).</exception>
    public static TeleportTarget OverShare(double skip) =>
        skip is >= 0 and < 1 ? new(null, skip) : throw new KindException($"teleport.skip: {skip}; allowed: a number from 0, below 1");

    /// <summary>Reads <c>{sigma: 2}</c> or <c>{skip: 0.28}</c>, as a spec has it.</summary>
    /// <exception cref="KindException">It is neither.</exception>
    public static TeleportTarget Parse(JsonNode? node)
    {
        if (node is JsonObject { Count: 1 } o && o.First() is { Value: JsonValue value } entry && value.GetValueKind() == JsonValueKind.Number)
        {
            double number = double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
            if (entry.Key == "sigma")
                return ToSigma(number);
            if (entry.Key == "skip")
                return OverShare(number);
        }

        throw new KindException($"teleport: {node?.ToJsonString() ?? "nothing"}; allowed: {{sigma: a number}} or {{skip: a number}}");
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
}
