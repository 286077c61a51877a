using System.Text.Json.Nodes;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>What the fit of a preprocessing has to say about itself.</summary>
public sealed record PreprocessingDiagnostics
{
    /// <summary>False when FastICA did not converge in some layer: its best iterate is used, which is a valid map all the same.</summary>
    public required bool Converged { get; init; }

    /// <summary>Largest |Inverse(Forward(x)) - x| / (|x| + sd of the column) over (at most 4096 of) the training points.</summary>
    public required double RoundTripError { get; init; }

    /// <summary>Conditions worth a look: no convergence, no bandwidth, plateaus between modes. Complete sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static PreprocessingDiagnostics Load(JsonObject saved) => new()
    {
        Converged = saved.Flag("converged"),
        RoundTripError = saved.Number("round_trip_error"),
        Warnings = saved["warnings"] is JsonArray warnings ? [.. warnings.Select(w => w?.ToString() ?? "")] : [],
    };

    internal JsonObject Save() => new()
    {
        ["converged"] = Converged,
        ["round_trip_error"] = RoundTripError,
        ["warnings"] = new JsonArray([.. Warnings.Select(w => JsonValue.Create(w))]),
    };
}
