namespace Sweep.Grains.Coordination;

/// <summary>What not every silo can do, and some trials need. The numbers are stored.</summary>
[Flags]
public enum Abilities
{
    /// <summary>What every silo can do: multilayer perceptrons of the fused widths, and reference denoisers.</summary>
    None = 0,

    /// <summary>Any network, through TorchSharp.</summary>
    Torch = 1,
}
