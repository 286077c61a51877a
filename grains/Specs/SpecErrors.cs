namespace Sweep.Grains.Specs;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class SpecErrors(string file)
{
    /// <summary>Errors that are kept; of the others only the number is.</summary>
    public const int MaxErrors = 100;

    private readonly List<SpecError> _errors = [];
    private int _dropped;

    public bool Any => _errors.Count > 0;

    /// <summary>Errors so far: lets a caller see whether a call added some.</summary>
    public int Count => _errors.Count + _dropped;

    /// <summary>One error of one line is kept once: checks that run for every variant repeat themselves.</summary>
    public void Add(int line, string message)
    {
        if (_errors.Exists(e => e.Line == line && string.Equals(e.Message, message, StringComparison.Ordinal))) return;
        if (_errors.Count < MaxErrors) _errors.Add(new SpecError(file, line, message));
        else _dropped++;
    }

    /// <summary>By line; those of one line in the order in which they were found.</summary>
    public IReadOnlyList<SpecError> ToList()
    {
        var sorted = _errors.OrderBy(e => e.Line).ToList();
        if (_dropped > 0) sorted.Add(new SpecError(file, sorted[^1].Line, $"and {_dropped} more errors; allowed: none"));
        return sorted;
    }
}
