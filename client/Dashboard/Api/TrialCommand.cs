using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>What to type to have a trial's result again.</summary>
internal static class TrialCommand
{
    /// <param name="spec">A spec of this trial alone. One line: JSON has no others, so nothing in it can end the here-document.</param>
    public static string Of(TrialSpec trial, string spec) => $"cat > trial-{trial.Id}.yaml <<'END'\n{spec}\nEND\n./sweep run trial-{trial.Id}.yaml";
}
