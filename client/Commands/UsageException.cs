namespace Sweep.Client.Commands;

/// <summary>The user asked for something that can't be done as asked; the message says what is allowed (exit code 2).</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
