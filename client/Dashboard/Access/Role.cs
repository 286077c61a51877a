namespace Sweep.Client.Dashboard.Access;

/// <summary>What a caller may do; each includes the one before. Cookies hold the numbers.</summary>
internal enum Role
{
    None = 0,

    /// <summary>Sees everything.</summary>
    Reader = 1,

    /// <summary>Pauses, resumes, cancels, retries, unquarantines silos.</summary>
    Operator = 2,
}
