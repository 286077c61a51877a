namespace Sweep.Diffusion.Files;

/// <summary>A path leads to something that isn't read as a file. The message names the path and what it is.</summary>
public sealed class NotRegularFileException : IOException
{
    public NotRegularFileException()
    {
    }

    public NotRegularFileException(string message)
        : base(message)
    {
    }

    public NotRegularFileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public NotRegularFileException(string path, FileKind kind)
        : base($"{path} is a {Word(kind)}; allowed: a regular file") => Kind = kind;

    public FileKind Kind { get; }

    private static string Word(FileKind kind) => kind.ToString().ToLowerInvariant();
}
