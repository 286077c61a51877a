namespace Sweep.Client.Dashboard.Access;

/// <summary>A connection in the <see cref="ConnectionTable"/>, which alone changes it.</summary>
internal sealed class OpenConnection(string client, Action close, long opened)
{
    public string Client => client;

    /// <summary>Whether its latest API request was authenticated.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>Requests in progress.</summary>
    public int Requests { get; set; }

    /// <summary>When it was opened, or a request on it began or ended.</summary>
    public long Used { get; set; } = opened;

    public void Close() => close();
}
