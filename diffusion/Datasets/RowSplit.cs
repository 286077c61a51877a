namespace Sweep.Diffusion.Datasets;

/// <summary>How seeds split finite rows.</summary>
public enum RowSplit
{
    /// <summary>Each seed splits all rows anew.</summary>
    Seeds,

    /// <summary>The same rows are held out for test whatever the seed, which splits the others into training and validation.</summary>
    HeldOut,

    /// <summary>
    /// The rows that <see cref="HeldOut"/> holds out are in no set; each seed splits the others as <see cref="Seeds"/> would. For choosing what is then
    /// confirmed on the rows held out.
    /// </summary>
    Validation,
}
