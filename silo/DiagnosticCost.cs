using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Training;
using Sweep.Grains.Specs;
using Sweep.Silo.Diagnostics;

namespace Sweep.Silo;

/// <summary>What a trial's diagnostics ask of denoisers, roughly: points that are mapped and compared cost little beside them.</summary>
/// <remarks>The run that L* is taken from (<see cref="LossReference"/>) has no part in it: only one of the trials that share it makes it.</remarks>
/// <param name="ModelRows">Rows that the trial's own model denoises.</param>
/// <param name="References">For each reference denoiser, the trial as if that were its network, and the rows it denoises.</param>
internal sealed record DiagnosticCost(double ModelRows, IReadOnlyList<(TrialSpec Trial, double Rows)> References)
{
    private static readonly DiagnosticCost Nothing = new(0, []);

    /// <param name="trial">Its cost.</param>
    /// <param name="rowsPerSample">Rows that its sampling denoises per sample.</param>
    public static DiagnosticCost Of(TrialSpec trial, double rowsPerSample)
    {
        if (trial.Diagnostics is not { } asked)
            return Nothing;
        double points = Math.Min(HeldOutPoints.MaxPoints, trial.Training.Points), levels = DiagnosticSigmas.Of(trial).Length;
        double heun = (2.0 * TrialDiagnostics.FineSteps) - 1, model = 0;
        var rows = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string reference in asked.ExplainedShare ?? [])
            Add(reference, levels);
        int snapshots = ReferenceKinds.Has(trial.Network.Kind) ? 0 : asked.TrainingSteps?.Count ?? 0;
        if (asked.ExplainedShare is not null)
            model += levels * (1 + snapshots);
        if (asked.DenoisingError is true)
            Both(levels);
        if (asked.Bifurcation is true)
            Both(levels * ((2 * TrialDiagnostics.StepsBack) - 1));
        double path = levels * 16 * Math.Min(TrialDiagnostics.MaxPaths, points) / points;
        foreach (string reference in (asked.ExplainedPath ?? []).Where(r => r != ReferenceKinds.Gaussian))
            Add(reference, path);
        if (asked.ExplainedPath is not null)
            model += path;
        if (asked.SymmetryBreaking is true)
            Both(levels * 2 * TrialCost.Shape(trial).Dimensions / points);
        if (asked.PrincipalComponents is true)
        {
            // Each level's perturbed rows go the rest of the way, on average half of it, on both sides.
            double components = PrincipalAxes.PlacesOf(TrialCost.Shape(trial).Dimensions).Count();
            Both(path);
            model += path * components * levels * Math.Min(PrincipalPaths.MaxPerturbed, points) / Math.Min(TrialDiagnostics.MaxPaths, points);
        }

        if (asked.Collapse is true)
            Add(ReferenceKinds.Delta, levels * Math.Min(Collapse.MaxSources, points) / points);
        if (asked.ErrorDecomposition is true)
        {
            Add(ReferenceKinds.Exact, 2 * heun);
            model += heun + rowsPerSample;
        }

        double validation = asked.ValidationLoss is true && !ReferenceKinds.Has(trial.Network.Kind)
            ? (double)Math.Min(ValidationLoss.MaxRows, trial.Training.Points) * ValidationSteps.Of(trial.Training.Steps).Count
            : 0;
        double likelihood = asked.Likelihood is true ? HeldOutLikelihood.Rows(trial, TrialCost.Shape(trial).Dimensions) : 0;
        return new DiagnosticCost((points * model) + likelihood + validation, [.. rows.Select(r => (As(trial, r.Key), points * r.Value))]);

        void Both(double count)
        {
            model += count;
            Add(ReferenceKinds.Exact, count);
        }

        void Add(string reference, double count) => rows[reference] = rows.GetValueOrDefault(reference) + count;
    }

    private static TrialSpec As(TrialSpec trial, string reference)
    {
        ReferenceName name = ReferenceName.Find(reference)!;
        int? components = name.Kind == ReferenceKinds.Mixture ? name.Components ?? trial.Diagnostics!.MixtureComponents : null;
        return trial with { Network = trial.Network with { Kind = name.Kind, Components = components } };
    }
}
