namespace Sweep.Silo;

/// <summary>Whether artifacts can be written: asked only after that has failed. Thread-safe.</summary>
internal sealed class ArtifactsProbe(string directory)
{
    /// <summary>About what a small trial leaves.</summary>
    private const int ProbeBytes = 1 << 20;

    private volatile bool _doubtful;

    /// <summary>Writing has failed: the next question is answered by a try.</summary>
    public void Doubt() => _doubtful = true;

    /// <summary>Why artifacts can't be written; null when they can.</summary>
    public string? Problem()
    {
        if (!_doubtful)
            return null;
        string path = Path.Combine(directory, $"probe.{Environment.ProcessId}.tmp");
        try
        {
            Directory.CreateDirectory(directory);
            File.WriteAllBytes(path, new byte[ProbeBytes]);
            File.Delete(path);
            _doubtful = false;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // The first problem is the one to tell.
            }

            return e.Message;
        }
    }
}
