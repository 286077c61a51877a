using Sweep.Silo.Diagnostics;
using Xunit;

namespace Sweep.Tests.Silo.Diagnostics;

/// <summary>All diagnostics of a trial, those of its model and those of its sampling.</summary>
internal static class Diagnosed
{
    public static DiagnosticResults Measure(DiagnosticInput input, Action<double> progress) =>
        input.Trial.Diagnostics is { } asked
            ? TrialDiagnostics.OfModel(input, asked, progress, TestContext.Current.CancellationToken)
                .With(TrialDiagnostics.OfSampling(input, asked, TestContext.Current.CancellationToken))
            : new DiagnosticResults();
}
