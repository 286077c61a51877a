using System.Text.Json.Nodes;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>Reads server-sent events, as a browser's EventSource would.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventReader(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    /// <summary>What came before the first event.</summary>
    public string Preamble { get; private set; } = "";

    /// <summary>Every event of the kinds that only repeat when something changed.</summary>
    public List<string> Seen { get; } = [];

    public static async Task<EventReader> OpenAsync(TestDashboard dashboard, string? sweep)
    {
        string path = sweep is null ? "api/events" : $"api/events?sweep={sweep}";
        HttpResponseMessage response = await dashboard.Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The data of the next event of a kind.</summary>
    public async Task<JsonNode> NextAsync(string name)
    {
        using var late = new CancellationTokenSource(Patience);
        string kind = "";
        while (true)
        {
            string? line;
            try
            {
                line = await _reader.ReadLineAsync(late.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"no event {name} in {Patience.TotalSeconds} s", e);
            }

            switch (line)
            {
                case null:
                    throw new EndOfStreamException($"the stream ended before an event {name}");
                case ['e', 'v', 'e', 'n', 't', ':', ' ', .. var rest]:
                    kind = rest;
                    break;
                case ['d', 'a', 't', 'a', ':', ' ', .. var data]:
                    Seen.Add($"{kind} {data}");
                    if (kind == name)
                        return JsonNode.Parse(data)!;
                    break;
                default:
                    if (kind.Length == 0)
                        Preamble += line + "\n";
                    break;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
