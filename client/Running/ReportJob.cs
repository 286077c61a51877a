using Sweep.Client.Commands;
using Sweep.Client.Report;
using Sweep.Grains.Comparison.Expectations;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>Makes a report of what a store holds.</summary>
internal static class ReportJob
{
    /// <summary>What the store holds, and pictures of samples whose artifacts are in the run's folder.</summary>
    public static async Task<ReportInput> ReadAsync(CommandContext context, RunDirectory run, RunStore store, SweepSpec spec, CancellationToken cancellationToken)
    {
        ReportInput input = await ReportInput.ReadAsync(
            store.Reader, spec, MachineDescription.Environment(), context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return input with { Samples = SamplePictures.Read(run.Artifacts, input) };
    }

    /// <summary>Writes every report file, and the answer and what came of the expectations on standard output.</summary>
    public static async Task<ReportDocument> WriteAsync(
        CommandContext context, RunDirectory run, RunStore store, SweepSpec spec, CancellationToken cancellationToken)
    {
        ReportInput input = await ReadAsync(context, run, store, spec, cancellationToken).ConfigureAwait(false);
        ReportDocument document = ReportBuilder.Build(input);
        ReportWriter.Write(document, input, run.Report);
        context.Out.WriteLine();
        foreach (string line in AnswerText.Lines(document.Answer, AnswerText.Width(context.Console)))
            context.Out.WriteLine(line);
        context.Out.WriteLine();
        foreach (string line in ExpectationText.Lines(document, AnswerText.Width(context.Console)))
            context.Out.WriteLine(line);
        if (document.ExpectationRules is not null)
            context.Out.WriteLine();
        context.Out.WriteLine($"report: {Path.Combine(run.Shown, "report", "index.html")}");
        return document;
    }

    /// <summary>With <c>--expect</c>: 1 where an expectation is refuted or undecided, after saying which; else <paramref name="code"/>.</summary>
    public static int Demand(CommandContext context, ReportDocument document, int code)
    {
        ExpectationSection[] unmet = [.. document.Expectations.Where(e => e.Verdict != ExpectationVerdict.Supported)];
        foreach (ExpectationSection e in unmet)
            context.Error.WriteLine($"{e.Verdict}: {Words.Clean(e.Claim)}");
        return unmet.Length > 0 && code == ExitCode.Done ? ExitCode.TrialsFailed : code;
    }

    /// <exception cref="UsageException">There is nothing to demand.</exception>
    public static void RequireExpectations(SweepSpec spec)
    {
        if (spec.Expectations.Count == 0)
            throw new UsageException($"--expect: {Words.Clean(spec.Name)} states no expectations; allowed: a spec with expect");
    }
}
