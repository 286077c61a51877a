using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Running;

public sealed class WebhookTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("200", 1, "")]
    [InlineData("500 200", 2, "")]
    [InlineData("503 429 204", 3, "")]
    [InlineData("500 500 502 200", 3, "--notify: hook.example was not told: it answers 502")]
    [InlineData("404 200", 1, "--notify: hook.example was not told: it answers 404")]
    [InlineData("302 200", 1, "--notify: hook.example was not told: it answers 302")]
    [InlineData("0 200", 2, "")]
    [InlineData("0 0 0 200", 3, "--notify: hook.example was not told: no route")]
    public async Task Send_WhenItIsRefused_TriesAgainWhereThatMayHelp(string answers, int tries, string said)
    {
        var host = new Answers(answers);
        var time = new FakeTimeProvider();
        using var hook = new Webhook(new Uri("https://hook.example/secret-path"), _error, time, host);
        Task sent = hook.SendAsync(new { text = "done" }, None);
        while (!sent.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await sent;
        Assert.Equal((tries, said), (host.Bodies.Count, _error.ToString().Trim()));
        Assert.All(host.Bodies, b => Assert.Equal("""{"text":"done"}""", JsonNode.Parse(b)!.ToJsonString()));
    }

    [Fact]
    public async Task Send_WhenNobodyAnswers_GivesUpInTime()
    {
        var host = new Answers("hang hang hang");
        var time = new FakeTimeProvider();
        using var hook = new Webhook(new Uri("https://hook.example/"), _error, time, host);
        Task sent = hook.SendAsync(new { }, None);
        while (!sent.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await sent;
        Assert.Equal("--notify: hook.example was not told: no answer within 10 s", _error.ToString().Trim());
    }

    [Theory]
    [InlineData("ftp://a/b")]
    [InlineData("hook")]
    [InlineData("/hook")]
    [InlineData("https://user:secret@a/")]
    public void Read_WhenItIsNoAddress_RefusesWithoutRepeatingASecret(string given)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Webhook.Read(given));
        Assert.Contains("allowed: an http or https URL", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, 0, false, null, "done")]
    [InlineData(11, 1, false, null, "failed")]
    [InlineData(4, 0, true, null, "paused")]
    [InlineData(4, 0, false, null, "stopped")]
    [InlineData(4, 0, false, "the disk is full", "error")]
    public void Message_WhateverTheEnd_SaysItInOneLine(int completed, int failed, bool paused, string? failure, string state)
    {
        SweepSummary sweep = Summary(completed, failed, paused);
        string json = JsonSerializer.Serialize(Webhook.Message(sweep, "runs/tiny", "gaussianize is better", failure), CommandContext.Json);
        JsonNode message = JsonNode.Parse(json)!;
        Assert.Equal((state, "tiny", 12), (message["state"]!.GetValue<string>(), message["name"]!.GetValue<string>(), message["total"]!.GetValue<int>()));
        string text = message["text"]!.GetValue<string>();
        Assert.StartsWith($"tiny: {state}, {completed} of 12 trials completed", text, StringComparison.Ordinal);
        Assert.EndsWith(failure ?? "gaussianize is better", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenItEnds_TellsTheAddressOnceAndLeavesTheExitCodeAlone()
    {
        await using ReceivedPosts received = await ReceivedPosts.StartAsync();
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        SweepOutcome told = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--notify", $"{received.Url}hook");
        SweepOutcome refused = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--notify", $"{received.Url}missing?token=secret");
        SweepOutcome watched = await SweepProcess.RunAsync(scratch.Path, "watch", "tiny", "--notify", $"{received.Url}hook");

        Assert.True(told.ExitCode == 0 && refused.ExitCode == 0 && watched.ExitCode == 0, told.Error + refused.Error + watched.Error);
        Assert.Equal(2, received.Bodies.Count);
        foreach (JsonNode message in received.Bodies.Select(b => JsonNode.Parse(b)!))
        {
            Assert.Equal(("done", 8), (message["state"]!.GetValue<string>(), message["completed"]!.GetValue<int>()));
            Assert.NotEmpty(message["answer"]!.GetValue<string>());
        }

        Assert.Contains("--notify: 127.0.0.1 was not told: it answers 404", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _error.Dispose();

    private static SweepSummary Summary(int completed, int failed, bool paused) => new()
    {
        Id = "0af3", Name = "tiny", Paused = paused, Submitted = default, Total = 12, Queued = 12 - completed - failed, Running = 0, Completed = completed,
        Failed = failed, Cancelled = 0, CostTotal = 12, CostCompleted = completed,
    };

    /// <summary>Answers as it is told, each once: a status, 0 for no connection, or not at all.</summary>
    private sealed class Answers(string answers) : HttpMessageHandler
    {
        private readonly Queue<string> _answers = new(answers.Split(' '));

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            string answer = _answers.Dequeue();
            if (answer == "hang")
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return answer == "0" ? throw new HttpRequestException("no route") : new HttpResponseMessage((HttpStatusCode)int.Parse(answer, null));
        }
    }

    /// <summary>A server on this machine that keeps what is posted to <c>/hook</c> and has nothing else.</summary>
    private sealed class ReceivedPosts(WebApplication application) : IAsyncDisposable
    {
        public ConcurrentQueue<string> Bodies { get; } = [];

        public string Url => application.Urls.First() + "/";

        public static async Task<ReceivedPosts> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            WebApplication application = builder.Build();
            var received = new ReceivedPosts(application);
            application.Run(async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                if (context.Request.Path == "/hook" && HttpMethods.IsPost(context.Request.Method))
                    received.Bodies.Enqueue(await body.ReadToEndAsync());
                else
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
            });
            await application.StartAsync();
            return received;
        }

        public ValueTask DisposeAsync() => application.DisposeAsync();
    }
}
