using System.Net.Http.Json;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>
/// Tells an address once how a sweep ended: a POST of JSON, tried three times. It never throws and never changes how the command ends: a failure is a line of
/// its own. The address may hold a secret, so nothing but its host is ever shown.
/// </summary>
/// <param name="url">From <see cref="Read"/>.</param>
/// <param name="handler">How it is reached; the webhook disposes of it.</param>
internal sealed class Webhook(Uri url, TextWriter error, TimeProvider time, HttpMessageHandler? handler = null) : IDisposable
{
    /// <summary>For one try.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Before the second and the third try.</summary>
    public static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    // A redirect would turn the POST into a GET.
    private readonly HttpClient _client = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>An address as given.</summary>
    /// <exception cref="UsageException">Not an absolute http or https URL.</exception>
    public static Uri? Read(string? given) => given is null ? null
        : Uri.TryCreate(given, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 ? url
        : throw new UsageException("--notify: not an address that can be told; allowed: an http or https URL, without a user or a password before the host");

    /// <summary>How a sweep ended.</summary>
    /// <param name="answer">Its report's headline; null if there is none.</param>
    /// <param name="failure">What ended the command before the sweep's end; null if nothing did.</param>
    public static object Message(SweepSummary sweep, string where, string? answer, string? failure)
    {
        string state = failure is not null ? "error" : sweep is { Unfinished: > 0, Paused: true } ? "paused" : sweep.Unfinished > 0 ? "stopped"
            : sweep.Failed > 0 ? "failed" : sweep.Cancelled > 0 ? "cancelled" : "done";
        string[] parts =
        [
            $"{sweep.Name}: {state}, {sweep.Completed} of {sweep.Total} trials completed",
            sweep.Failed > 0 ? $"{sweep.Failed} failed" : "",
            Words.Clean(failure ?? sweep.Stopped ?? answer ?? ""),
        ];
        return new
        {
            text = string.Join("; ", parts.Where(p => p.Length > 0)),
            sweep.Name,
            sweep.Id,
            state,
            sweep.Total,
            sweep.Completed,
            sweep.Failed,
            sweep.Cancelled,
            answer,
            failure,
            where,
        };
    }

    public async Task SendAsync(object message, CancellationToken cancel)
    {
        string why = "";
        for (int attempt = 0; attempt <= Pauses.Length; attempt++)
        {
            try
            {
                if (attempt > 0)
                    await Task.Delay(Pauses[attempt - 1], time, cancel);
                using var limit = new CancellationTokenSource(Timeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
                using JsonContent body = JsonContent.Create(message, options: CommandContext.Json);
                await body.LoadIntoBufferAsync(either.Token);
                using HttpResponseMessage answer = await _client.PostAsync(url, body, either.Token);
                if (answer.IsSuccessStatusCode)
                    return;
                why = $"it answers {(int)answer.StatusCode}";
                // Asking again the same way would be refused again.
                if ((int)answer.StatusCode is < 500 and not (408 or 429))
                    break;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                why = "interrupted";
                break;
            }
            catch (OperationCanceledException)
            {
                why = $"no answer within {Timeout.TotalSeconds:0} s";
            }
            catch (HttpRequestException e)
            {
                why = e.HttpRequestError == HttpRequestError.Unknown ? e.Message : e.HttpRequestError.ToString();
            }
        }

        error.WriteLine($"--notify: {Words.Clean(url.Host)} was not told: {Words.Clean(why)}");
    }

    public void Dispose() => _client.Dispose();
}
