using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>Logs what keeps the dashboard from working: once per problem, however often it recurs, and once when it is resolved. Thread-safe.</summary>
internal sealed class TroubleLog(TextWriter writer)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _troubles = new(StringComparer.Ordinal);

    /// <param name="what">The failed operation: <c>report of sweep ID</c>.</param>
    /// <returns>A description of the problem.</returns>
    public string Report(string what, Exception trouble)
    {
        string words = Describe(trouble);
        lock (_lock)
        {
            if (_troubles.GetValueOrDefault(what) != words)
                writer.WriteLine($"dashboard: {Words.Clean(what)}: {words}");
            _troubles[what] = words;
        }

        return words;
    }

    /// <summary>The operation succeeded.</summary>
    public void Resolve(string what)
    {
        lock (_lock)
        {
            if (_troubles.Remove(what))
                writer.WriteLine($"dashboard: {Words.Clean(what)}: works again");
        }
    }

    /// <summary>An unexpected exception is named by its type too: the message alone may not help.</summary>
    public static string Describe(Exception trouble) => Words.Clean(
        trouble is StoreException ? trouble.Message : $"{trouble.GetType().Name}: {trouble.Message}");
}
