namespace Sweep.Diffusion.Datasets.Findings;

/// <summary>What a <see cref="DataFinding"/> is about.</summary>
public enum DataFindingKind
{
    /// <summary>Columns that have one value in every row.</summary>
    Constant,

    /// <summary>Columns that number the rows.</summary>
    RowNumbers,

    /// <summary>Columns of a few values, which are categories rather than quantities.</summary>
    Categories,

    /// <summary>Columns whose values are whole multiples of a step that is not small against their spread: of these there is no density.</summary>
    Lattice,

    /// <summary>Columns in which a number that is written for missing values stands far from all others.</summary>
    MissingCode,

    /// <summary>Columns in which one value makes up much of the rows: there is no density there.</summary>
    Ties,

    /// <summary>Columns that follow linearly from others.</summary>
    Dependent,

    /// <summary>Columns that follow linearly from others only because of a few far rows.</summary>
    Outlier,
}
