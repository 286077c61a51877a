namespace Sweep.Silo;

/// <summary>Says a trouble that comes back at every turn of a loop once, until it is over or another. Not thread-safe.</summary>
/// <param name="say">Told of each new one.</param>
public sealed class OneTrouble(Action<string> say)
{
    private string? _last;

    public void Is(string trouble)
    {
        if (trouble != _last)
            say(trouble);
        _last = trouble;
    }

    public void IsOver() => _last = null;
}
