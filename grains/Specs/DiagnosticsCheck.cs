using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Schedules;

namespace Sweep.Grains.Specs;

/// <summary>
/// Whether the diagnostics asked for can be had: their levels lie on every schedule, their steps in every training, and what takes an exact density or known
/// modes has a dataset with them. A dataset without them, beside one that has them, is not an error: its results say what was left out.
/// </summary>
internal static class DiagnosticsCheck
{
    private const string Mixtures = "gmm-ring, gmm-grid, gmm-random, gmm-product, gmm-aniso, gmm";

    public static void Report(ReadDiagnostics? diagnostics, IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys, SpecErrors errors)
    {
        if (diagnostics is not { Spec: var spec }) return;
        Idle(diagnostics, errors);
        var training = ReadKey.OfSection(SpecSections.Training, axes, fixedKeys);
        if (spec.TrainingSteps is { } steps && Least(training, "steps") is { } fewest && steps[^1] > fewest)
            errors.Add(diagnostics.Line(DiagnosticsSection.TrainingSteps),
                $"diagnostics.training_steps: {steps[^1]}; allowed: at most training.steps, {fewest}");
        var components = spec.MixtureComponents ?? DiagnosticsSpec.DefaultMixtureComponents;
        if (LeavesComponents(spec) && Least(training, "points") is { } points && components > points)
            errors.Add(diagnostics.Line(DiagnosticsSection.MixtureComponents),
                $"diagnostics.mixture_components: {components}; allowed: at most training.points, {points}");
        References(diagnostics, Least(training, "points"), axes, errors);
        Levels(diagnostics, axes, errors);
        Known(diagnostics, axes, errors);
    }

    /// <summary>Keys that bear on nothing that was asked for.</summary>
    private static void Idle(ReadDiagnostics diagnostics, SpecErrors errors)
    {
        var spec = diagnostics.Spec;
        if (spec is { Sigmas: not null, ExplainedShare: null, DenoisingError: null, Bifurcation: null, ExplainedPath: null, SymmetryBreaking: null,
            PrincipalComponents: null, Collapse: null })
            Without(DiagnosticsSection.Sigmas,
                "explained_share, denoising_error, bifurcation, explained_path, symmetry_breaking, principal_components or collapse");
        if (spec is { TrainingSteps: not null, ExplainedShare: null })
            Without(DiagnosticsSection.TrainingSteps, "explained_share");
        if (spec.MixtureComponents is not null && !LeavesComponents(spec))
            Without(DiagnosticsSection.MixtureComponents, "mixture in explained_share or explained_path");

        void Without(DiagnosticsKey key, string needed) =>
            errors.Add(diagnostics.Line(key), $"diagnostics.{key.Name}: nothing is measured with it; allowed: only with {needed}");
    }

    private static void Levels(ReadDiagnostics diagnostics, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        if (diagnostics.Spec.Sigmas is not { } sigmas || axes.FirstOrDefault(a => a.Definition.Name == "schedule") is not { } schedules) return;
        foreach (var (schedule, label) in schedules.Instances.Zip(schedules.Labels))
        {
            if (schedule is not ISchedule known) continue;
            var range = NoiseRange.Of(known);
            foreach (var sigma in sigmas.Where(s => !DiagnosticSigmas.Within(range, s)))
            {
                errors.Add(
                    diagnostics.Line(DiagnosticsSection.Sigmas),
                    string.Create(CultureInfo.InvariantCulture,
                        $"diagnostics.sigmas: {sigma} with schedule {ReadAxis.Text(label)}; allowed: from {range.SigmaMin:G4} to {range.SigmaMax:G4}"));
            }
        }
    }

    private static void Known(ReadDiagnostics diagnostics, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        if (axes.FirstOrDefault(a => a.Definition.Name == "dataset") is not { } datasets) return;
        var known = datasets.Instances.OfType<IDataset>().ToList();
        // Datasets that are wrong have been reported.
        if (known.Count == 0) return;
        if (diagnostics.Spec.Bifurcation is true && !known.Exists(d => d.Modes is not null))
            errors.Add(diagnostics.Line(DiagnosticsSection.Bifurcation),
                $"diagnostics.bifurcation: no dataset has known modes; allowed: with a Gaussian mixture ({Mixtures})");

        var asking = new[]
            {
                (Key: DiagnosticsSection.ExplainedShare, Asked: diagnostics.Spec.ExplainedShare?.Contains("exact", StringComparer.Ordinal) is true),
                (Key: DiagnosticsSection.ExplainedPath, Asked: diagnostics.Spec.ExplainedPath?.Contains("exact", StringComparer.Ordinal) is true),
                 (Key: DiagnosticsSection.ErrorDecomposition, Asked: diagnostics.Spec.ErrorDecomposition is true),
            }
            .Where(a => a.Asked).Select(a => a.Key).ToList();
        if (asking.Count == 0 || axes.FirstOrDefault(a => a.Definition.Name == "preprocessing") is not { } preprocessings) return;
        var pairs = known.SelectMany(_ => preprocessings.Instances.OfType<IPreprocessing>(), (dataset, preprocessing) => (dataset, preprocessing)).ToList();
        if (pairs.Count == 0 || pairs.Exists(p => LatentMixture.Obstacle(p.dataset.Density, p.preprocessing) is null)) return;
        var obstacles = string.Join("; ", pairs.Select(p => LatentMixture.Obstacle(p.dataset.Density, p.preprocessing)).Distinct(StringComparer.Ordinal));
        foreach (var key in asking)
        {
            var what = key == DiagnosticsSection.ErrorDecomposition ? key.Name : $"{key.Name}: exact";
            errors.Add(diagnostics.Line(key),
                $"diagnostics.{what}: there is no exact score ({obstacles}); allowed: with a Gaussian mixture ({Mixtures}) and preprocessing none, "
                + $"standardize, whiten or ica");
        }
    }

    /// <summary>Numbers of Gaussians and ranks that no data of the spec bear.</summary>
    private static void References(ReadDiagnostics diagnostics, long? points, IReadOnlyList<ReadAxis> axes, SpecErrors errors)
    {
        var widest = axes.FirstOrDefault(a => a.Definition.Name == "dataset")?.Instances.OfType<IDataset>().Select(d => d.Dimensions).DefaultIfEmpty(0).Min();
        foreach (var (key, names) in new[] { (DiagnosticsSection.ExplainedShare, diagnostics.Spec.ExplainedShare),
            (DiagnosticsSection.ExplainedPath, diagnostics.Spec.ExplainedPath) })
        {
            foreach (var name in (names ?? []).Select(n => ReferenceName.Find(n)!))
            {
                if (name.Components > points)
                    errors.Add(diagnostics.Line(key), $"diagnostics.{key.Name}: {name}; allowed: at most training.points Gaussians, {points}");
                if (widest > 0 && name.Rank >= widest)
                    errors.Add(diagnostics.Line(key), $"diagnostics.{key.Name}: {name}; allowed: a rank below the data's dimensions, {widest}");
            }
        }
    }

    /// <summary>Whether some reference is a mixture of as many Gaussians as <c>mixture_components</c> says.</summary>
    private static bool LeavesComponents(DiagnosticsSpec spec) =>
        (spec.ExplainedShare ?? []).Concat(spec.ExplainedPath ?? []).Contains(ReferenceKinds.Mixture, StringComparer.Ordinal);

    private static long? Least(List<ReadKey> keys, string name) =>
        keys.Find(k => string.Equals(k.Key.Name, name, StringComparison.Ordinal))?.Values.Min(v => v.GetValue<long>());
}
