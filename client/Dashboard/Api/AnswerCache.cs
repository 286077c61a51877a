using System.IO.Compression;
using System.Security.Cryptography;

namespace Sweep.Client.Dashboard.Api;

/// <summary>
/// Caches expensive responses, compressed, until their source has changed and they are old enough: a response that takes one second is recomputed at most every
/// five, however many pages ask. Concurrent requests for the same response share one computation. Thread-safe.
/// </summary>
internal sealed class AnswerCache(TimeProvider time)
{
    private const long MaxBytes = 64L << 20;
    private const int MaxAnswers = 512, AgePerCost = 5;

    private static readonly TimeSpan MinAge = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _uses;

    /// <param name="key">Identifies the request.</param>
    /// <param name="stamp">Changes whenever the response may.</param>
    /// <param name="make">Computes the response, on a pool thread.</param>
    public Task<Answer> GetAsync(string key, string stamp, Func<Task<byte[]>> make, CancellationToken cancellationToken)
    {
        Task<Answer> answer;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? entry))
                _entries[key] = entry = new Entry();
            entry.Used = ++_uses;
            bool fresh = entry.Answer is { IsFaulted: false, IsCanceled: false }
                && (entry.Stamp == stamp || !entry.Answer.IsCompleted || time.GetElapsedTime(entry.Made) < Max(MinAge, entry.Cost * AgePerCost));
            if (!fresh)
            {
                entry.Stamp = stamp;
                entry.Answer = Task.Run(() => MakeAsync(entry, make), CancellationToken.None);
                Prune(key);
            }

            answer = entry.Answer!;
        }

        return answer.WaitAsync(cancellationToken);
    }

    private async Task<Answer> MakeAsync(Entry entry, Func<Task<byte[]>> make)
    {
        long began = time.GetTimestamp();
        byte[] content = await make();
        Answer answer = Pack(content);
        lock (_lock)
            (entry.Made, entry.Cost) = (time.GetTimestamp(), time.GetElapsedTime(began));
        return answer;
    }

    /// <summary>Compresses a response and computes its entity tag.</summary>
    public static Answer Pack(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return new Answer(packed.ToArray(), $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");
    }

    private void Prune(string kept)
    {
        long bytes = _entries.Values.Sum(e => e.Bytes);
        foreach ((string key, Entry entry) in _entries.OrderBy(e => e.Value.Used).ToList())
        {
            if (_entries.Count <= MaxAnswers && bytes <= MaxBytes)
                return;
            if (key == kept || entry.Answer is { IsCompleted: false })
                continue;
            bytes -= entry.Bytes;
            _entries.Remove(key);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Entry
    {
        public string Stamp { get; set; } = "";

        public Task<Answer>? Answer { get; set; }

        public long Made { get; set; }

        public TimeSpan Cost { get; set; }

        public long Used { get; set; }

        public long Bytes => Answer is { IsCompletedSuccessfully: true } ? Answer.Result.Gzip.Length : 0;
    }
}
