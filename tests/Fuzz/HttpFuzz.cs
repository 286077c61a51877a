using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Sweep.Tests.Client.Dashboard;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>Whatever is asked of the dashboard, by whomever: it answers, never with an unexpected error, and goes on serving.</summary>
public sealed class HttpFuzz(ITestOutputHelper output)
{
    /// <summary>Stands for what differs from run to run, so that an input can be tried again.</summary>
    private const string Cookie = "{{cookie}}", Csrf = "{{csrf}}", Authority = "{{host}}";

    /// <summary>A whole request that was answered late has hung; what isn't whole may wait for its rest, until the connection is closed for sending.</summary>
    private static readonly TimeSpan Hung = TimeSpan.FromSeconds(60);

    private static readonly string[] Methods = ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "G\0T"];

    private static readonly string[] Paths =
    [
        "/", "/index.html", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/metrics", "/api", "/api/", "/api/session", "/api/login", "/api/logout",
            "/api/sweeps", "/api/silos", "/api/nothing", "/api/events",
        "/api/sweeps/SWEEP", "/api/sweeps/SWEEP/grid", "/api/sweeps/SWEEP/points", "/api/sweeps/SWEEP/failures", "/api/sweeps/SWEEP/groups",
            "/api/sweeps/SWEEP/comparisons", "/api/sweeps/SWEEP/report",
        "/api/sweeps/SWEEP/trials", "/api/sweeps/SWEEP/trials/TRIAL", "/api/sweeps/SWEEP/trials/TRIAL/artifacts/weights.safetensors",
            "/api/sweeps/SWEEP/trials/TRIAL/artifacts/%2e%2e%2fsweep.db",
        "/api/sweeps/SWEEP/pause", "/api/sweeps/SWEEP/resume", "/api/sweeps/SWEEP/cancel", "/api/sweeps/SWEEP/retry", "/api/sweeps/SWEEP/note",
            "/api/silos/a/unquarantine", "/api/silos/%2F%00/unquarantine",
    ];

    private static readonly string[] Keys =
    [
        "metrics", "state", "q", "sort", "desc", "skip", "take", "form", "metric", "arm", "verdict", "means", "sweep", "token", "where.width",
            "where.preprocessing", "where.seed", "where.", "where.nothing",
    ];

    private static readonly string[] Values =
    [
        "", "log_likelihood", "energy_distance,log_likelihood", "steps_to_threshold", "completed", "queued", "0", "1", "-1", "3", "5", "8", "16", "500", "501",
            "2147483647", "2147483648", "9223372036854775807", "1e400",
        "NaN", "true", "brief", "b_better", "undecided", "only", "without", "standardize", "gaussianize", "tiny", "cost", "attempts", "seed", "where.width",
            "p_value", "SWEEP", "TRIAL", "a", "'", "\"", "%", "%00", "%ff",
        "%F0%9F%98%80", "x'; DROP TABLE trials; --", "%25", "..", "a,b,,c", "[", "{}", "\0", "<script>",
    ];

    private static readonly string[] Headers =
    [
        "Host: {{host}}", "Host: example.org", "Host:", "Host: [::1", "Origin: http://{{host}}", "Origin: null", "Origin: http://",
            "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin", "Accept-Encoding: br, gzip",
        "Accept-Encoding: *;q=0", "Accept: */*", "If-None-Match: *", "If-None-Match: W/\"x\", \"y", "Range: bytes=0-1,5-",
            "X-Forwarded-For: 1.2.3.4, nonsense", "X-Forwarded-Proto: https", "Expect: 100-continue",
        "Cookie: sweep_session_1=; =; ;;", "Authorization: Bearer", "Authorization: Bearer ", "Authorization: Basic YTpi", "Content-Type: application/json",
            "Content-Type: text/plain", "Content-Type: application/json; charset=utf-7",
        "Content-Type: ;", "X-Sweep-Csrf: wrong", "Upgrade: websocket", "Connection: Upgrade", "Transfer-Encoding: identity", "X-Large: LARGE",
            "traceparent: 00-x", "baggage: a=%00",
    ];

    private static readonly string[] Bodies =
    [
        "", "{}", "null", "[]", "{\"token\": null}", "{\"token\": 1}", "{\"token\": \"" + TestDashboard.ReaderToken + "\"}", "{\"token\": \"wrong\"}",
            "{\"token\": \"\\ud800\"}", "{\"trials\": []}", "{\"trials\": [\"TRIAL\"]}",
        "{\"trials\": [null]}", "{\"trials\": \"all\"}", "{\"trials\": [\"x\", \"" + "y" + "\"]}", "{\"trials\": [1e999]}", "DEEP", "LARGE",
            "{\"TRIALS\": {\"a\": [}", "\u00e9",
    ];

    [Fact]
    public async Task Ask_Whatever_IsAnsweredAndNeverByAnUnexpectedError()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            configure: o => o with { Token = TestDashboard.Token, ReaderToken = TestDashboard.ReaderToken, MaxRequestsPerSecond = 1_000_000 });
        await dashboard.CompleteAsync(5);
        await dashboard.FailAsync("no convergence");
        (string cookie, string csrf) = await LogInAsync(dashboard);
        string trial = Sweep.Grains.Specs.TrialExpansion.Expand(dashboard.Spec).First().Id;
        string host = new Uri(dashboard.Server.Url).Authority;
        int asked = 0;
        Fuzzer.Run(
            "HTTP", output, [[]],
            bytes =>
            {
                byte[] request = Filled(bytes, [(Cookie, cookie), (Csrf, csrf), (Authority, host), ("SWEEP", dashboard.Spec.Id), ("TRIAL", trial)]);
                string answer = AskAsync(new Uri(dashboard.Server.Url), request, asked++).GetAwaiter().GetResult();
                Check(answer, dashboard.Log);
                if (asked % 100 == 0)
                {
                    // By a token, as an input may have ended the session.
                    string sound = AskAsync(new Uri(dashboard.Server.Url), Whole(host, dashboard.Spec.Id), asked).GetAwaiter().GetResult();
                    Check(sound, dashboard.Log, must: "HTTP/1.1 200");
                    (cookie, csrf) = LogInAsync(dashboard).GetAwaiter().GetResult();
                }
            },
            (random, _) => Request(random));
    }

    private static byte[] Whole(string host, string sweep) => Encoding.ASCII.GetBytes(
        $"GET /api/sweeps/{sweep}/trials HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TestDashboard.Token}\r\nConnection: close\r\n\r\n");

    /// <summary>Most are whole requests of an operator's with odd parts; some are mangled as bytes.</summary>
    private static byte[] Request(FuzzRandom random)
    {
        string query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => $"{Of(random, Keys)}={Odd(random, Of(random, Values))}"));
        string body = random.Next(2) == 0 ? "" : Odd(random, Of(random, Bodies));
        List<string> headers = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Odd(random, Of(random, Headers)))];
        if (random.Next(8) != 0)
            headers.Add("Host: {{host}}");
        if (random.Next(6) != 0)
            headers.Add($"Cookie: {{{{cookie}}}}{(random.Next(4) == 0 ? "; a=b; {{cookie}}x" : "")}");
        if (random.Next(3) != 0)
            headers.Add("X-Sweep-Csrf: {{csrf}}");
        if (body.Length > 0 && random.Next(2) == 0)
            headers.Add("Content-Type: application/json");
        byte[] content = Encoding.UTF8.GetBytes(body.Replace("DEEP", new string('[', 5000), StringComparison.Ordinal).Replace("LARGE",
            new string('x', 300_000), StringComparison.Ordinal));
        headers.Add(content.Length == 0 ? "Connection: close" : $"Connection: close\r\nContent-Length: {content.Length}");
        string head = $"{Of(random, Methods)} {Odd(random, Of(random, Paths))}{(query.Length > 0 ? "?" : "")}{query} "
            + $"HTTP/1.1\r\n{string.Join("\r\n", headers)}\r\n\r\n";
        byte[] whole = [.. Encoding.UTF8.GetBytes(head.Replace("LARGE", new string('x', random.Next(40_000)), StringComparison.Ordinal)), .. content];
        return random.Next(8) == 0 ? Fuzzer.Mutate(random, [whole]) : whole;
    }

    private static string Of(FuzzRandom random, string[] list) => list[random.Next(list.Length)];

    /// <summary>One in four is changed in one place.</summary>
    private static string Odd(FuzzRandom random, string text)
    {
        const string Telling = "/\\.%?&=#;:,@ \t'\"<>{}[]()*+-0aA~\u00e9\u0001";
        if (random.Next(4) != 0)
            return text;
        int at = random.Next(text.Length + 1);
        return random.Next(3) == 0 ? text[..at]
            : text.Insert(at, random.Next(2) == 0 ? $"%{random.Next(256):X2}" : Telling[random.Next(Telling.Length)].ToString());
    }

    private static byte[] Filled(byte[] request, (string Mark, string Value)[] values)
    {
        // Byte for byte, and back.
        string text = Encoding.Latin1.GetString(request);
        return Encoding.Latin1.GetBytes(values.Aggregate(text, (now, v) => now.Replace(v.Mark, v.Value, StringComparison.Ordinal)));
    }

    /// <summary>From an address of its own each: guesses of one address wait for each other.</summary>
    private static async Task<string> AskAsync(Uri server, byte[] request, int number)
    {
        using var deadline = new CancellationTokenSource(Hung);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        var answer = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, (byte)(1 + (number >> 16)), (byte)(number >> 8), (byte)number]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, server.Port, deadline.Token);
            await socket.SendAsync(request, deadline.Token);
            bool ended = false;
            while (true)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
                if (!ended)
                    patience.CancelAfter(TimeSpan.FromSeconds(1));
                try
                {
                    int count = await socket.ReceiveAsync(buffer, patience.Token);
                    if (count == 0)
                        break;
                    answer.Write(buffer, 0, count);

                    // Goes on for as long as somebody listens.
                    if (Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)Math.Min(answer.Length, 4096)).Contains("text/event-stream",
                        StringComparison.Ordinal))
                        break;
                }
                catch (OperationCanceledException) when (!ended && !deadline.IsCancellationRequested)
                {
                    // Perhaps it waits for more.
                    socket.Shutdown(SocketShutdown.Send);
                    ended = true;
                }
            }
        }
        catch (SocketException)
        {
            // Closed by the server, which needn't read to the end what it refuses.
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture,
                $"no answer within {Hung.TotalSeconds} s, only: {Encoding.Latin1.GetString(answer.ToArray())}"));
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private static void Check(string answer, string log, string? must = null)
    {
        if (must is not null)
            Assert.StartsWith(must, answer, StringComparison.Ordinal);
        if (answer.Length > 0)
            Assert.Matches(@"^HTTP/1\.1 ([1-4]\d\d|50[15]) ", answer); // 501 and 505 say that a method or version is none of ours
        Assert.DoesNotContain("   at Sweep.", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", log, StringComparison.Ordinal);
    }

    private static async Task<(string Cookie, string Csrf)> LogInAsync(TestDashboard dashboard)
    {
        using HttpResponseMessage response = await dashboard.SendAsync(HttpMethod.Post, "api/login", new { token = TestDashboard.Token });
        string cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return (cookie, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["csrf"]!.GetValue<string>());
    }
}
