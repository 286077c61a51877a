using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>The shell command that reproduces a trial.</summary>
internal static class TrialCommand
{
    /// <param name="spec">A spec of this trial alone, in JSON: a single line, so that nothing in it can end the here-document.</param>
    public static string Of(TrialSpec trial, string spec) => $"cat > trial-{trial.Id}.yaml <<'END'\n{spec}\nEND\n./sweep run trial-{trial.Id}.yaml";
}
