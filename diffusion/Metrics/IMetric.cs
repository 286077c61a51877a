namespace Sweep.Diffusion.Metrics;

/// <summary>
/// One number that says how good a trial's samples are, how soon they got there, or what they cost.
/// <para>A metric is described here and nowhere else: what specs may name, whether a trial will have it, what the silo measures, how reports, live views and
/// dashboards call it and which way they rank it are all read from <see cref="MetricKinds"/>. To add one: a file with a class that implements
/// <see cref="IMeasuredMetric"/>, its line in <see cref="MetricKinds.All"/>, and its line in the conformance tests.</para>
/// <para>How the number comes about: an <see cref="IMeasuredMetric"/> is measured of every trial that has what it needs; an <see cref="IDerivedMetric"/> is
/// worked out from what a trial stored, when that is read; one with a <see cref="Diagnostic"/> is measured where the spec asks for that diagnostic, which then
/// stores it under this name.</para>
/// <para>Lifecycle: one instance per process, immutable, thread-safe. <see cref="Name"/> is part of stored results and specs: never renamed, only added.</para>
/// </summary>
public interface IMetric
{
    /// <summary>As in specs and results: small letters, digits, <c>_</c> and <c>.</c></summary>
    string Name { get; }

    /// <summary>For display, beginning with a capital.</summary>
    string Label { get; }

    /// <summary><c>nats</c>, <c>share</c>, <c>s</c>, <c>reverse steps</c>; empty where it has none.</summary>
    string Unit => "";

    /// <summary>Which way is good.</summary>
    MetricBetter Better { get; }

    /// <summary>What a trial must have for it.</summary>
    MetricNeeds Needs => MetricNeeds.Nothing;

    /// <summary>The diagnostic, a key of the spec's <c>diagnostics</c>, that measures it; null for what needs no asking.</summary>
    string? Diagnostic => null;

    /// <summary>What it counts; "never" is then a value, beyond every number.</summary>
    MetricSteps Counts => MetricSteps.None;

    /// <summary>The least that it can be: intervals end there when they are shown.</summary>
    double Least => double.NegativeInfinity;

    /// <summary>The most that it can be.</summary>
    double Most => double.PositiveInfinity;

    /// <summary>What it is and how to read it, in one or two sentences.</summary>
    string Explanation { get; }
}
