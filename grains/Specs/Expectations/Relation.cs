namespace Sweep.Grains.Specs.Expectations;

/// <summary>How a quantity is expected to lie to its bound.</summary>
public enum Relation
{
    Less,
    AtMost,
    More,
    AtLeast,
}
