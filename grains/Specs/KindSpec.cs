using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A kind as a spec names it, resolved: every parameter has its value, defaults included.</summary>
public sealed record KindSpec
{
    /// <summary>The kind's name, as its registry knows it.</summary>
    public required string Kind { get; init; }

    /// <summary>What tables and charts call it: the spec's <c>name</c>, else the kind. Part of no identity.</summary>
    public required string Name { get; init; }

    /// <summary>Every parameter with its value, in the kind's declared order.</summary>
    public required JsonObject Parameters { get; init; }
}
