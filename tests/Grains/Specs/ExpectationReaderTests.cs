using System.Text.Json.Nodes;
using Sweep.Diffusion.Metrics;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class ExpectationReaderTests
{
    private const string Head = """
        sweep: s
        seeds: 3
        axes:
          dataset: [{kind: gmm-ring, name: ring8}, {kind: gmm-product, name: ica2}, moons]
          preprocessing: [standardize, gaussianize]
          width: [8, 16]
          training.learning_rate: [1e-3, 1e-2]
        training: {steps: 1000}
        sampling: {steps: 50}
        diagnostics: {explained_share: [gaussian], sigmas: [0.1, 0.5, 2], training_steps: [30, 1000]}
        expect:

        """;

    private static readonly string Metrics = string.Join(", ", MetricKinds.All.Where(m => m.Diagnostic is null).Select(m => m.Name));

    private const string Pair =
        "allowed: \"b < a\", \"b <= 0.5 a\", \"b - a >= 1.5\", \"|b - a| <= 0.001\", \"b / a <= 0.3\", \"ln(b / a) >= 0.1\" and the like, with <, <=, > or >=";

    private const string Single = "allowed: \"<= 20\", \"> 80\", \"|x| <= 0.25\" and the like, with <, <=, > or >=";

    /// <summary>The 12th line of a spec, an expectation, and what is wrong with it.</summary>
    public static TheoryData<string, string> Wrong { get; } = new()
    {
        { "  - just words", "expect[0]: just words; allowed: a mapping with claim, where, metric, compare and is" },
        { "  - {metric: energy_distance, is: '< 1'}", "expect[0]: no claim; allowed: text of 1 to 500 printable characters" },
        { "  - {claim: [a], metric: energy_distance, is: '< 1'}", "expect[0].claim: a list; allowed: text of 1 to 500 printable characters" },
        { "  - {claim: c, is: '< 1'}", $"expect[0]: no metric; allowed: {Metrics}, what diagnostics measures, or CURVE@X" },
        { "  - {claim: c, metric: energy_distance}", $"expect[0]: no is; {Single}" },
        { "  - {claim: c, metrics: energy_distance, metric: energy_distance, is: '< 1'}",
            "unknown key in expect[0]: metrics (did you mean metric?); allowed: claim, where, metric, compare, is, over, at, along, control" },
        { "  - {claim: c, metric: energydistance, is: '< 1'}",
            $"expect[0].metric: energydistance (did you mean energy_distance?); allowed: {Metrics}, what diagnostics measures, or CURVE@X" },
        { "  - {claim: c, metric: log_liklihood@20, is: '< 1'}",
            "expect[0].metric: log_liklihood@20 (did you mean log_likelihood@20?); allowed before @: log_likelihood, log_likelihood_gap, log_likelihood_x0, "
                + "training_loss, validation_loss, explained_score.REF, explained_denoiser.REF, explained_score.REF.sigma_S, "
                + "explained_denoiser.REF.sigma_S, denoising_error, denoising_error.exact, bifurcation, bifurcation.exact, explained_score_per_sample.REF, "
                + "explained_path.REF, mean_gain, mean_gain.exact, emerged.pc_P, emerged.pc_P.gaussian, perturbation.pc_P, perturbation.pc_P.gaussian, "
                + "out_of_plane, out_of_plane.of_others, collapse" },
        { "  - {claim: c, metric: [energy_distance, train_seconds], is: '< 1'}",
            "expect[0].metric: a list; allowed: one metric, or two as compare: {metric: [a, b]}" },
        { "  - {claim: c, metric: energy_distance, over: mode, is: '< 1'}", "expect[0].over: mode; allowed: mean, median" },
        { "  - {claim: c, metric: energy_distance, over: median, is: '< 1'}",
            "expect[0].over: median with 3 seeds; allowed: with at least 6, as fewer give no 95% interval of a median" },
        { "  - {claim: c, metric: energy_distance, is: 'b < a'}", $"expect[0].is: b < a (without compare there is no a and b); {Single}" },
        { "  - {claim: c, metric: energy_distance, is: '= 1'}",
            $"expect[0].is: = 1 (replicates never show that two numbers are equal; say how near, as in |x| <= 0.01); {Single}" },
        { "  - {claim: c, metric: energy_distance, compare: {preprocessing: [standardize, gaussianize]}, is: '< 1'}",
            $"expect[0].is: < 1 (with compare it is about a and b); {Pair}" },
        { "  - {claim: c, metric: energy_distance, compare: {preprocessing: [standardize, gaussianize]}, is: 'b much less than a'}",
            $"expect[0].is: b much less than a; {Pair}" },
        { "  - {claim: c, where: {wdith: 8}, metric: energy_distance, is: '< 1'}",
            "unknown axis in expect[0].where: wdith (did you mean width?); allowed: dataset, preprocessing, schedule, width, training.learning_rate" },
        { "  - {claim: c, where: {width: 32}, metric: energy_distance, is: '< 1'}", "expect[0].where.width: 32; allowed: 8, 16" },
        { "  - {claim: c, where: {width: [8, 8.0]}, metric: energy_distance, is: '< 1'}",
            "duplicate value in expect[0].where.width: 8; allowed: each value once" },
        { "  - {claim: c, where: {width: []}, metric: energy_distance, is: '< 1'}", "expect[0].where.width: an empty list; allowed: 8, 16" },
        { "  - {claim: c, where: {dataset: ring}, metric: energy_distance, is: '< 1'}",
            "expect[0].where.dataset: ring (did you mean ring8?); allowed: ring8, ica2, moons" },
        { "  - {claim: c, where: everywhere, metric: energy_distance, is: '< 1'}",
            "expect[0].where: everywhere; allowed: a mapping from axes to a value or a list of values" },
        { "  - {claim: c, compare: preprocessing, metric: energy_distance, is: 'b < a'}",
            "expect[0].compare: preprocessing; allowed: one axis with two of its values, as in {preprocessing: [standardize, gaussianize]}, or {metric: [a, "
            + "b]}" },
        { "  - {claim: c, compare: {schedule: [vp-linear, vp-linear]}, metric: energy_distance, is: 'b < a'}",
            "expect[0].compare: schedule has one value, vp-linear; allowed: an axis of several: dataset, preprocessing, width, training.learning_rate" },
        { "  - {claim: c, compare: {width: [8]}, metric: energy_distance, is: 'b < a'}",
            "expect[0].compare.width: 8; allowed: two values, a then b, of 8, 16" },
        { "  - {claim: c, where: {width: 8}, compare: {width: [8, 16]}, metric: energy_distance, is: 'b < a'}",
            "expect[0].where: width is compared; allowed: the other axes" },
        { "  - {claim: c, metric: energy_distance, compare: {metric: [energy_distance, train_seconds]}, is: 'b < a'}",
            "expect[0].metric: given beside compare.metric; allowed: one of them" },
        { "  - {claim: c, compare: {metric: [energy_distance, energy_distance]}, is: 'b < a'}",
            "expect[0].compare.metric: energy_distance, energy_distance; allowed: two different metrics, a then b" },
        { "  - {claim: c, metric: energy_distance, at: [1, 2], is: '< 1'}",
            "expect[0].metric: energy_distance@1; allowed before @: log_likelihood, log_likelihood_gap, log_likelihood_x0, training_loss, validation_loss, "
                + "explained_score.REF, explained_denoiser.REF, explained_score.REF.sigma_S, explained_denoiser.REF.sigma_S, denoising_error, "
                + "denoising_error.exact, bifurcation, bifurcation.exact, explained_score_per_sample.REF, explained_path.REF, mean_gain, "
                + "mean_gain.exact, emerged.pc_P, emerged.pc_P.gaussian, perturbation.pc_P, perturbation.pc_P.gaussian, "
                + "out_of_plane, out_of_plane.of_others, collapse" },
        { "  - {claim: c, where: {dataset: ring8}, metric: log_likelihood_gap@5, at: [1, 2], is: '< 1'}",
            "expect[0].metric: log_likelihood_gap@5 beside at; allowed: the curve, without @" },
        { "  - {claim: c, where: {dataset: ring8}, metric: log_likelihood_gap, at: [2, 1], is: '< 1'}",
            "expect[0].at: a list; allowed: 2 to 64 numbers from 0, ascending: the steps or levels at which the claim is about the curve" },
        { "  - {claim: c, where: {dataset: ring8, width: 8, preprocessing: standardize, training.learning_rate: 1e-3}, metric: log_likelihood_gap, at: [2, "
            + "51], is: '< 1'}", "expect: c: log_likelihood_gap@51 has no reverse step 51 (whole numbers from 0 to 50) (at dataset ring8, preprocessing "
            + "standardize, width 8, training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, metric: energy_distance, along: width, is: '< 1'}",
            "expect[0].along: width; allowed: one axis with at least two of its values in order, as in {network.score_error: [0, 0.1, 0.4]}" },
        { "  - {claim: c, metric: energy_distance, along: {width: [8]}, is: '< 1'}", "expect[0].along.width: 8; allowed: at least two values of 8, 16" },
        { "  - {claim: c, where: {width: 8}, metric: energy_distance, along: {width: [8, 16]}, is: '< 1'}",
            "expect[0].along: width is in where or compare; allowed: another axis" },
        { "  - {claim: c, where: {dataset: ring8}, metric: log_likelihood_gap, at: [1, 2], along: {width: [8, 16]}, is: '< 1'}",
            "expect[0].along: given beside at; allowed: one of them" },
        { "  - {claim: c, metric: energy_distance, is: '< 1', control: identity}",
            "expect[0].control: identity; allowed: a mapping with what differs from the claim: where, metric or compare" },
        { "  - {claim: c, metric: energy_distance, is: '< 1', control: []}", "expect[0].control: 0 controls; allowed: 1 to 16" },
        { "  - {claim: c, metric: energy_distance, is: '< 1', control: {}}",
            "expect[0].control: nothing differs from the claim; allowed: where, metric or compare" },
        { "  - {claim: c, metric: energy_distance, is: '< 1', control: {where: {width: [8, 16]}}}",
            "expect[0].control.where.width: 2 values; allowed: one, as each group of the claim has one place to fail" },
        { "  - {claim: c, compare: {width: [8, 16]}, metric: energy_distance, is: 'b < a', control: {where: {width: 8}}}",
            "expect[0].control.where: width is in the claim's compare or along; allowed: the other axes" },
        { "  - {claim: c, compare: {width: [8, 16]}, metric: energy_distance, is: 'b < a', control: {compare: {preprocessing: [standardize, gaussianize]}}}",
            "expect[0].control.compare: a mapping; allowed: two values of width, which the claim compares" },
        { "  - {claim: c, metric: energy_distance, is: '< 1', control: {where: {width: 8}, claim_minus_control: 'b < a'}}",
            $"expect[0].control.claim_minus_control: b < a; {Single}" },
        { "  - {claim: c, metric: energy_distance, along: {width: [8, 16]}, is: '< 1', control: {where: {preprocessing: gaussianize}, claim_minus_control: "
            + "'> 0'}}", "expect[0].control.claim_minus_control: the claim is along an axis; allowed: a control without it" },
        { "  - {claim: c, where: {dataset: ring8}, metric: mode_coverage, is: '> 0.5', control: {where: {dataset: moons}}}",
            "expect: c: control dataset moons: mode_coverage needs a dataset with known modes (at dataset moons, preprocessing standardize, width 8, "
                + "training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, metric: mode_coverage, is: '> 0.5'}",
            "expect: c: mode_coverage needs a dataset with known modes (at dataset moons, preprocessing standardize, width 8, training.learning_rate 0.001); "
            + "allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: moons}, metric: log_likelihood_gap@20, is: '> 0.5'}",
            "expect: c: log_likelihood_gap@20 needs a dataset with known density (at dataset moons, preprocessing standardize, width 8, "
            + "training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: ring8, width: 8, preprocessing: standardize, training.learning_rate: 1e-3}, metric: log_likelihood@51, is: '> 0.5'}",
            "expect: c: log_likelihood@51 has no reverse step 51 (whole numbers from 0 to 50) (at dataset ring8, preprocessing standardize, width 8, "
            + "training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: ring8}, metric: explained_score.gaussian@0.4, is: '> 0.5'}",
            "expect: c: explained_score.gaussian@0.4 is not measured there (nearest 0.5, of 0.1, 0.5, 2) (at dataset ring8, preprocessing standardize, width "
            + "8, training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: ring8}, metric: explained_score.gaussian.sigma_0.5@100, is: '> 0.5'}",
            "expect: c: explained_score.gaussian.sigma_0.5@100 is not measured there (nearest 30, of 30, 1000) (at dataset ring8, preprocessing standardize, "
            + "width 8, training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: ring8}, metric: explained_score.gaussian.sigma_1@30, is: '> 0.5'}",
            "expect: c: explained_score.gaussian.sigma_1@30 is not measured at sigma 1 (nearest 0.5, of 0.1, 0.5, 2) (at dataset ring8, preprocessing "
            + "standardize, width 8, training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: ring8}, metric: explained_score.delta@0.5, is: '> 0.5'}",
            "expect: c: explained_score.delta@0.5 needs diagnostics.explained_share with delta (at dataset ring8, preprocessing standardize, width 8, "
            + "training.learning_rate 0.001); allowed: what every trial that where covers has" },
        { "  - {claim: c, where: {dataset: ring8}, metric: denoising_error@0.5, is: '> 0.5'}",
            "expect: c: denoising_error@0.5 needs diagnostics.denoising_error (at dataset ring8, preprocessing standardize, width 8, training.learning_rate "
            + "0.001); allowed: what every trial that where covers has" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void ReadText_WhenAnExpectationCannotBeDecided_SaysSoAtItsLine(string expectation, string error) =>
        Assert.Equal($"spec.yaml:12: {error}", Assert.Single(Read(Head + expectation).Errors).ToString());

    [Fact]
    public void ReadText_WhenThereIsOneSeed_SaysThatItGivesNoInterval() => Assert.Equal(
        "spec.yaml:11: expect: 1 seed; allowed: at least 2 seeds, as one gives no interval to judge by",
        Assert.Single(Read(Head.Replace("seeds: 3", "seeds: 1", StringComparison.Ordinal) + "  - {claim: c, metric: energy_distance, is: '< 1'}").Errors)
            .ToString());

    [Fact]
    public void ReadText_WhenAClaimIsRepeated_SaysWhereItWas() => Assert.Equal(
        "spec.yaml:13: expect[1].claim: c (first on line 12); allowed: each claim once",
        Assert.Single(Read(Head + "  - {claim: c, metric: energy_distance, is: '< 1'}\n  - {claim: c, metric: energy_distance, is: '< 2'}").Errors).ToString());

    [Fact]
    public void ReadText_WhenTheListIsEmpty_ExpectsNothing()
    {
        Assert.Empty(Valid(Head).Expectations);
        Assert.Empty(Valid(Head + "  []").Expectations);
    }

    [Fact]
    public void ReadText_WhenValuesAreWrittenOtherwise_MeansTheSame()
    {
        ExpectationSpec one = Valid(Head + "  - {claim: c, where: {training.learning_rate: 0.001, dataset: ring8}, metric: log_likelihood@20.0, is: ' <=20'}")
            .Expectations[0];
        ExpectationSpec two = Valid(Head
            + "  - {is: 'x <= 2e1', metric: log_likelihood@20, where: {dataset: [ring8], training.learning_rate: [1e-3]}, claim: c}").Expectations[0];
        Assert.Equal(CanonicalJson.Write(ExpectationJson.Write(one)), CanonicalJson.Write(ExpectationJson.Write(two)));
        Assert.Equal("dataset", one.Where[0].Key);
    }

    [Fact]
    public void ReadText_WhenExpectationsDiffer_IsTheSameSweep()
    {
        SweepSpec without = Valid(Head), with = Valid(Head + "  - {claim: c, metric: energy_distance, is: '< 1'}");
        Assert.Equal(without.Id, with.Id);
        Assert.Empty(SpecDifference.Between(without.Resolved, with.Resolved));
        Assert.Equal(TrialExpansion.Expand(without).Select(t => t.Id), TrialExpansion.Expand(with).Select(t => t.Id));
    }

    [Fact]
    public void Restore_WhenGivenTheResolvedSpec_HasTheSameExpectations()
    {
        SweepSpec spec = Valid(Head + """
              - {claim: "c: \"d\"", where: {dataset: [ring8, ica2], width: 8}, metric: explained_score.gaussian.sigma_0.5@30, is: "|x| <= 0.25"}
              - {claim: e, compare: {training.learning_rate: [1e-2, 1e-3]}, metric: energy_distance, over: mean, is: "b / a <= 0.3"}
              - {claim: f, where: {dataset: ica2}, compare: {metric: [log_likelihood_gap@50, log_likelihood_gap@20]}, is: "b > a"}
              - {claim: g, where: {dataset: ica2}, metric: log_likelihood_gap, at: [10, 20.0], is: "< 1",
                  control: [{where: {preprocessing: standardize}}, {metric: log_likelihood_x0, claim_minus_control: "<= -0.5"}]}
              - {claim: h, where: {dataset: ica2}, compare: {training.learning_rate: [1e-2, 1e-3]}, metric: energy_distance, along: {width: [16, 8]},
                  is: "b < a", control: {compare: {training.learning_rate: [1e-3, 1e-2]}}}
            """);
        SweepSpec restored = SweepSpecJson.Restore(spec.Resolved.ToJsonString(), spec.Source);
        Assert.Equal(5, restored.Expectations.Count);
        Assert.Equal(ExpectationJson.Write(spec.Expectations).ToJsonString(), ExpectationJson.Write(restored.Expectations).ToJsonString());
        Assert.Equal(spec.Id, restored.Id);
        Assert.Equal(("0.01", "0.001"), (restored.Expectations[1].A, restored.Expectations[1].B));
        Assert.Equal(["log_likelihood_gap@10", "log_likelihood_gap@20", "log_likelihood_x0@10", "log_likelihood_x0@20"], restored.Expectations[3].NamedMetrics);
        Assert.Equal(("width", "16"), (restored.Expectations[4].Along, restored.Expectations[4].Doses[0]));
    }

    [Fact]
    public void Register_WhenExpectationsChange_RemembersSinceWhenEachStands()
    {
        ExpectationRegistration first = new(DateTimeOffset.UnixEpoch, 0, 24), later = new(DateTimeOffset.UnixEpoch.AddDays(1), 24, 24),
            last = new(DateTimeOffset.UnixEpoch.AddDays(2), 24, 24);
        const string C = "  - {claim: c, metric: energy_distance, is: '< 1'}\n", D = "  - {claim: d, metric: energy_distance, is: '< 1'}\n",
            Changed = "  - {claim: d, metric: energy_distance, is: '< 2'}\n";
        JsonObject launched = ExpectationJson.Register(null, Valid(Head + C + D).Resolved, first);
        JsonObject changed = ExpectationJson.Register(launched, Valid(Head + Changed + C).Resolved, later);
        SweepSpec read = SweepSpecJson.Restore(changed.ToJsonString(), "");
        Assert.Equal([later, first], read.Expectations.Select(e => e.Registered));
        Assert.Equal(("d", "< 1", first), (read.Withdrawn[0].Claim, read.Withdrawn[0].Is.ToString(), read.Withdrawn[0].Registered));

        // Back to what was said first: that counts from then, and the change in between stays on record.
        SweepSpec again = SweepSpecJson.Restore(ExpectationJson.Register(changed, Valid(Head + C + D).Resolved, last).ToJsonString(), "");
        Assert.Equal([first, first], again.Expectations.Select(e => e.Registered));
        Assert.Equal("< 2", Assert.Single(again.Withdrawn).Is.ToString());
    }

    private static SpecReading Read(string text) => SpecReader.ReadText(text, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);

    private static SweepSpec Valid(string text)
    {
        SpecReading reading = Read(text);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }
}
