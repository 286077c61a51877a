namespace Sweep.Diffusion.Kinds;

/// <summary>
/// A parameter's value is impossible in a way that its declared range does not show. The message reads
/// <c>what is wrong: value; allowed: …</c>; whoever read the spec puts <c>file:line:</c> before it.
/// </summary>
public sealed class KindException : Exception
{
    private readonly KindMessage? _parts;

    public KindException()
    {
    }

    public KindException(string message)
        : base(message)
    {
    }

    public KindException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An interpolated string: its message can also be shown without a file's content.</summary>
    public KindException(KindMessage message)
        : base(message.ToString()) => _parts = message;

    /// <inheritdoc cref="KindException(KindMessage)"/>
    public KindException(KindMessage message, Exception inner)
        : base(message.ToString(), inner) => _parts = message;

    /// <summary>
    /// The message for somebody who must not see the file's content: names and values are elided. Null if the exception wasn't made from an interpolated
    /// string.
    /// </summary>
    /// <param name="known">Texts that may be shown: the file's path.</param>
    public string? WithoutContent(params IReadOnlyCollection<string> known) => _parts?.WithoutContent(known);
}
