using System.IO.Compression;
using System.Security.Cryptography;

namespace Sweep.Client.Dashboard.Api;

/// <summary>
/// Keeps answers that cost something to make, compressed, until what they are made from has changed and they have been made long enough ago: an answer that takes a second is
/// made every five at most, however many pages ask. Each is made once, whoever asks meanwhile waits for it. Thread-safe.
/// </summary>
internal sealed class AnswerCache(TimeProvider time)
{
    private const long MostBytes = 64L << 20;
    private const int MostAnswers = 512, TimesItsCost = 5;

    private static readonly TimeSpan Youngest = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _uses;

    /// <param name="key">What is asked.</param>
    /// <param name="stamp">Changes when the answer may.</param>
    /// <param name="make">Makes the answer, on another thread than the caller's.</param>
    public Task<Answer> GetAsync(string key, string stamp, Func<Task<byte[]>> make, CancellationToken cancellationToken)
    {
        Task<Answer> answer;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? entry))
                _entries[key] = entry = new Entry();
            entry.Used = ++_uses;
            bool fresh = entry.Answer is { IsFaulted: false, IsCanceled: false }
                && (entry.Stamp == stamp || !entry.Answer.IsCompleted || time.GetElapsedTime(entry.Made) < Max(Youngest, entry.Cost * TimesItsCost));
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

    /// <summary>Compresses an answer and gives it a tag.</summary>
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
            if (_entries.Count <= MostAnswers && bytes <= MostBytes)
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
