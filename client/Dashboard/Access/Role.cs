namespace Sweep.Client.Dashboard.Access;

/// <summary>What a caller may do; each role includes the previous one. The numbers are stored in cookies.</summary>
internal enum Role
{
    None = 0,

    /// <summary>May see everything.</summary>
    Reader = 1,

    /// <summary>May also pause, resume, cancel, retry and unquarantine.</summary>
    Operator = 2,
}
