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

    /// <summary>Where FastICA ended from each of its starts, layer by layer; empty for kinds without it, and in files older than several starts.</summary>
    public IReadOnlyList<IcaStart> IcaStarts { get; init; } = [];

    internal static PreprocessingDiagnostics Load(JsonObject saved) => new()
    {
        Converged = saved.Flag("converged"),
        RoundTripError = saved.Number("round_trip_error"),
        Warnings = saved["warnings"] is JsonArray warnings ? [.. warnings.Select(w => w?.ToString() ?? "")] : [],
        IcaStarts = saved["ica_starts"] is null ? [] : [.. saved.Objects("ica_starts").Select(LoadStart)],
    };

    internal JsonObject Save()
    {
        var saved = new JsonObject
        {
            ["converged"] = Converged,
            ["round_trip_error"] = RoundTripError,
            ["warnings"] = new JsonArray([.. Warnings.Select(w => JsonValue.Create(w))]),
        };
        if (IcaStarts.Count > 0)
            saved["ica_starts"] = new JsonArray([.. IcaStarts.Select(SaveStart)]);
        return saved;
    }

    private static IcaStart LoadStart(JsonObject saved) => new()
    {
        Layer = saved.Count("layer"),
        Contrast = saved.Number("contrast"),
        Iterations = saved.Count("iterations"),
        Converged = saved.Flag("converged"),
        Screened = saved.Flag("screened"),
        Points = saved.Count("points"),
        Kept = saved.Flag("kept"),
    };

    private static JsonObject SaveStart(IcaStart start) => new()
    {
        ["layer"] = start.Layer,
        ["contrast"] = start.Contrast,
        ["iterations"] = start.Iterations,
        ["converged"] = start.Converged,
        ["screened"] = start.Screened,
        ["points"] = start.Points,
        ["kept"] = start.Kept,
    };
}
