using System.Text;
using System.Text.Json.Nodes;
using Sweep.Grains.Comparison.Report;
using Xunit;

namespace Sweep.Tests.Grains.Comparison.Report;

/// <summary>The checked-in report of version 2 (client/web/sample/report.json), made from <see cref="SyntheticSweep"/>.</summary>
public sealed class SampleReportTests
{
    private static readonly byte[] Sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Client", "Report", "Data", "report.v2.json"));

    [Fact]
    public void Deserialize_WhenGivenTheSample_LosesNothing() => Assert.Equal(Sample, ReportJson.Serialize(ReportJson.Deserialize(Sample)));

    /// <summary>Reports written before there were key findings.</summary>
    [Fact]
    public void Deserialize_WhenTheAnswerHasNoKeyFindings_ReadsNone()
    {
        JsonNode report = JsonNode.Parse(Sample)!;
        JsonObject answer = report["answer"]!.AsObject();
        foreach (string name in new[] { "key_findings", "findings", "pictures" })
            Assert.True(answer.Remove(name));
        AnswerSection read = ReportJson.Deserialize(Encoding.UTF8.GetBytes(report.ToJsonString())).Answer;
        Assert.Equal((0, 0, 0), (read.KeyFindings.Count, read.Findings.Count, read.Pictures.Count));
        Assert.NotEmpty(read.Sentences);
    }

    /// <summary>Words and verdicts, not bytes: the last bits of exp and log may differ between machines.</summary>
    [Fact]
    public void Build_WhenGivenTheSamplesTrials_StillSaysTheSame()
    {
        ReportDocument sample = ReportJson.Deserialize(Sample), now = ReportBuilder.Build(SyntheticSweep.Input());
        if (string.Equals(sample.Answer.Headline, now.Answer.Headline, StringComparison.Ordinal) && sample.Answer.Sentences.SequenceEqual(now.Answer.Sentences)
            && sample.Answer.KeyFindings.SequenceEqual(now.Answer.KeyFindings)
            && sample.Expectations.Select(e => e.Verdict).SequenceEqual(now.Expectations.Select(e => e.Verdict))
            && sample.Comparisons.Select(c => c.Verdict).SequenceEqual(now.Comparisons.Select(c => c.Verdict)))
            return;
        string path = Path.Combine(AppContext.BaseDirectory, "report.v2.new.json");
        File.WriteAllBytes(path, ReportJson.Serialize(now));
        Assert.Fail($"the sample says something else; if that is meant, copy {path} to client/web/sample/report.json");
    }
}
