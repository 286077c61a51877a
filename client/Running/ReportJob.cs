using Sweep.Client.Report;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>Makes a report of what a store holds.</summary>
internal static class ReportJob
{
    /// <summary>What the store holds, and pictures of samples whose artifacts are in the run's folder.</summary>
    public static async Task<ReportInput> ReadAsync(CommandContext context, RunDirectory run, RunStore store, SweepSpec spec,
        CancellationToken cancellationToken)
    {
        ReportInput input = await ReportInput.ReadAsync(
            store.Reader, spec, MachineDescription.Environment(), context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return input with
        {
            Samples = SamplePictures.Read(run.Artifacts, input),
            Scatters = SampleScatters.ReadMoving(run.Artifacts, input),
            Fields = FieldPictures.Read(run.Artifacts, input),
        };
    }

    /// <summary>Writes every report file, and the answer and what came of the expectations on standard output.</summary>
    public static async Task<(ReportInput Input, ReportDocument Document)> WriteAsync(
        CommandContext context, RunDirectory run, RunStore store, SweepSpec spec, CancellationToken cancellationToken)
    {
        ReportInput input = await ReadAsync(context, run, store, spec, cancellationToken).ConfigureAwait(false);
        ReportDocument document = ReportBuilder.Build(input);
        ReportWriter.Write(document, input, run.Report);
        context.Out.WriteLine();
        foreach (string line in AnswerText.Lines(document.Answer, TextWrap.Width(context.Console)))
            context.Out.WriteLine(line);
        context.Out.WriteLine();
        foreach (string line in ExpectationText.Lines(document, TextWrap.Width(context.Console)))
            context.Out.WriteLine(line);
        if (document.ExpectationRules is not null)
            context.Out.WriteLine();
        context.Out.WriteLine($"report: {Path.Combine(run.Shown, "report", "index.html")}");
        return (input, document);
    }

    /// <summary>1 where stored results are damaged, after saying which and what to do; else <paramref name="code"/>.</summary>
    public static int Damage(CommandContext context, RunStore store, ReportInput input, int code)
    {
        IReadOnlyList<DamagedTrial> damaged = input.Damaged;
        if (damaged.Count == 0)
            return code;
        context.Error.WriteLine($"{damaged.Count} of {damaged.Count + input.Completed.Count} stored results are damaged; the report leaves them out:");
        foreach (DamagedTrial trial in damaged)
            context.Error.WriteLine($"  {trial.Trial.Id} ({TrialWords.Of(trial.Trial)}): {Words.Clean(trial.Problem)}");
        string place = store.IsCluster ? string.Empty : $" --out {store.Shown}";
        string then = store.IsCluster ? string.Empty : ", then sweep run SPEC again";
        context.Error.WriteLine(
            $"discard them and run their trials again with: sweep retry {Words.Clean(input.Spec.Name)}{place} --completed "
                + $"{string.Join(' ', damaged.Select(d => d.Trial.Id))}{then}");
        return code == ExitCode.Done ? ExitCode.NotAllDone : code;
    }

    /// <summary>With <c>--expect</c>: 1 where an expectation is not supported, or empty, after saying which; else <paramref name="code"/>.</summary>
    public static int Demand(CommandContext context, ReportDocument document, int code)
    {
        ExpectationSection[] unmet = [.. document.Expectations.Where(e => e.Verdict != ExpectationVerdict.Supported)];
        foreach (ExpectationSection e in unmet)
            context.Error.WriteLine($"{e.Verdict}: {Words.Clean(e.Claim)}");
        return unmet.Length > 0 && code == ExitCode.Done ? ExitCode.NotAllDone : code;
    }

    /// <exception cref="UsageException">There is nothing to demand.</exception>
    public static void RequireExpectations(SweepSpec spec)
    {
        if (spec.Expectations.Count == 0)
            throw new UsageException($"--expect: {Words.Clean(spec.Name)} states no expectations; allowed: a spec with expect");
    }
}
