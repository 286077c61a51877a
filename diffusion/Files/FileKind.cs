namespace Sweep.Diffusion.Files;

/// <summary>What stands under a path.</summary>
public enum FileKind
{
    /// <summary>Nothing, or nothing that may be looked at: opening it says why.</summary>
    Unknown,
    Regular,
    Folder,
    Pipe,
    Device,
    Socket,
}
