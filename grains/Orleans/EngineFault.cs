namespace Sweep.Grains.Orleans;

/// <summary>Whose fault it is; the numbers travel.</summary>
[GenerateSerializer]
[Alias("sweep.fault.1")]
public enum EngineFault
{
    /// <summary>The store can't be reached: the call may be repeated.</summary>
    Store = 0,

    /// <summary>The caller asked for something that isn't there.</summary>
    Argument = 1,
}
