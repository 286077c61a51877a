namespace Sweep.Silo;

/// <summary>Reports a problem that recurs at every turn of a loop once, until it is over or is another. Not thread-safe.</summary>
/// <param name="say">Told of each new one.</param>
public sealed class RepeatedTrouble(Action<string> say)
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
