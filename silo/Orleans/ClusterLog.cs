using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sweep.Silo.Orleans;

/// <summary>
/// Passes on what Orleans warns of: a line each, without stack traces. A trouble that comes back is said again after a minute at the earliest, with how often
/// it came meanwhile. Thread-safe.
/// </summary>
/// <param name="say">Told of each line.</param>
public sealed class ClusterLog(Action<string> say, TimeProvider time) : ILoggerProvider
{
    /// <summary>Longer than that is a dump of tables.</summary>
    private const int MaxCharacters = 240;

    /// <summary>What says nothing here: advice for servers, a watchdog that reckons from the machine's start, and what this program says itself.</summary>
    private static readonly string[] Idle =
    [
        "Note: Silo not running with ServerGC", "Note: ServerGC only kicks in", "Participant check thread has not completed", "Execution attempt. Source:",
        "Resilience event occurred", "I should be Dead according to", "The membership view classifies this silo as Dead", "I have been told I am dead",
    ];

    /// <summary>How long a part of Orleans took to start or stop: the messages begin with its name.</summary>
    private const string Lifecycle = " in stage '";

    private static readonly SearchValues<char> Particulars = SearchValues.Create("0123456789'\"[{(:#");

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => new Lines(this);

    public void Dispose()
    {
    }

    private void Say(string message, Exception? failure)
    {
        if (Array.Exists(Idle, message.StartsWith) || (failure is null && message.StartsWith('\'') && message.Contains(Lifecycle, StringComparison.Ordinal)))
            return;
        Trouble trouble = _troubles.GetOrAdd(Kind(message), _ => new Trouble());
        int times;
        lock (trouble)
        {
            trouble.Times++;
            if (trouble.Said is { } said && time.GetElapsedTime(said) < Again)
                return;
            times = trouble.Times;
            trouble.Said = time.GetTimestamp();
            trouble.Times = 0;
        }

        string why = failure is null ? string.Empty : $": {failure.GetType().Name}: {failure.Message.Split('\n')[0].TrimEnd()}";
        string line = $"cluster: {message.TrimEnd('.', ' ')}{why}".ReplaceLineEndings(" ");
        line = line.Length <= MaxCharacters ? line : $"{line[..MaxCharacters]}…";
        say(times > 1 ? $"{line} ({times} times since it was said last)" : line);
    }

    /// <summary>The words before the first number, name or address: every timer, for one, has a category of its own.</summary>
    private static string Kind(string message)
    {
        int end = message.AsSpan().IndexOfAny(Particulars);
        return end < 0 ? message : message[..end];
    }

    private sealed class Trouble
    {
        public long? Said { get; set; }

        public int Times { get; set; }
    }

    private sealed class Lines(ClusterLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            ArgumentNullException.ThrowIfNull(formatter);
            if (IsEnabled(logLevel))
                log.Say(formatter(state, exception), exception);
        }
    }
}
