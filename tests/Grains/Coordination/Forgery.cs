namespace Sweep.Tests.Grains.Coordination;

/// <summary>What may have changed in a store by itself, of one trial that left <see cref="Samples.Result"/>. A test lists those of results.</summary>
public enum Forgery
{
    /// <summary>A metric's value, in its last digit.</summary>
    MetricValue,

    MetricName,

    TruthLevel,

    Reason,

    /// <summary>One metric is gone.</summary>
    MetricMissing,

    /// <summary>One bit of one point of the curve <c>log_likelihood</c>.</summary>
    CurvePoint,

    CurveName,

    Notes,

    /// <summary>The notes are no JSON, which some engines don't refuse.</summary>
    NotesTorn,

    Device,

    Attempt,

    Digest,

    /// <summary>The result is gone.</summary>
    ResultMissing,

    /// <summary>It has the result of another trial, digest and all.</summary>
    ResultOfAnother,

    /// <summary>The trial's spec, which a store makes again.</summary>
    Spec,

    /// <summary>That it completed.</summary>
    State,

    /// <summary>When things happened.</summary>
    Times,

    /// <summary>The sweep's spec, which submitting it again puts right.</summary>
    SweepSpec,
}
